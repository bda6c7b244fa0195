-- Grain: one audience, those that are gone included.
with

source as (

    select * from {{ source('mailchimp', 'lists') }}

),

final as (

    select
        ---------- ids
        id as list_id,

        ---------- facts
        name,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(date_created as timestamp) as created_at

    from source

)

select * from final
