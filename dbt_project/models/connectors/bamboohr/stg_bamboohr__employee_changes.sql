-- Grain: a change of an employee's record that was seen.
with

source as (

    select * from {{ source('bamboohr', 'employee_changes') }}

),

final as (

    select
        ---------- ids
        employee_id,

        ---------- facts
        action,

        ---------- timestamps
        cast(changed_at as timestamp) as changed_at

    from source

)

select * from final
