-- Grain: one meeting, deleted ones included.
with

source as (

    select * from {{ source('salesforce', 'events') }}

),

final as (

    select
        ---------- ids
        id as event_id,
        who_id,
        owner_id,

        ---------- facts
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(starts_at as timestamp) as starts_at

    from source

)

select * from final
