-- Grain: one deal after one of its changes.
with

source as (

    select * from {{ source('salesforce', 'opportunity_history') }}

),

final as (

    select
        ---------- ids
        id as history_id,
        opportunity_id,

        ---------- facts
        stage,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at

    from source

)

select * from final
