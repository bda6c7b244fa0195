-- Grain: one member of one audience; one deleted for good has the ids left.
with

source as (

    select * from {{ source('mailchimp', 'members') }}

),

final as (

    select
        ---------- ids
        list_id,
        contact_id,
        email_id,

        ---------- facts
        email_address,
        first_name,
        last_name,
        language,
        status,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(timestamp_opt as timestamp) as opted_at,
        cast(last_changed as timestamp) as updated_at

    from source

)

select * from final
