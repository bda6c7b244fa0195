-- Grain: one change of one case.
with

source as (

    select * from {{ source('salesforce', 'case_history') }}

),

final as (

    select
        ---------- ids
        id as history_id,
        case_id,
        created_by_id,

        ---------- facts
        field as changed_field,
        old_value,
        new_value,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at

    from source

)

select * from final
