-- Grain: one offer made in an opportunity.
with

source as (

    select * from {{ source('lever', 'offers') }}

),

final as (

    select
        ---------- ids
        id as offer_id,
        opportunity_id,

        ---------- facts
        status,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(sent_at as timestamp) as sent_at,
        cast(signed_at as timestamp) as signed_at

    from source

)

select * from final
