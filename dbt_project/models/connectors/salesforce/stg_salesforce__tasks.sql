-- Grain: one task, call or e-mail, deleted ones included.
with

source as (

    select * from {{ source('salesforce', 'tasks') }}

),

final as (

    select
        ---------- ids
        id as task_id,
        who_id,
        owner_id,

        ---------- facts
        subtype,
        is_closed,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(completed_at as timestamp) as completed_at

    from source

)

select * from final
