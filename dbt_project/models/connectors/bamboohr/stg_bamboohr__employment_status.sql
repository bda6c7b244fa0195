-- Grain: a row of an employee's employment status, each time the table was seen.
with

source as (

    select * from {{ source('bamboohr', 'employment_status') }}

),

final as (

    select
        ---------- ids
        employee_id,
        position,

        ---------- facts
        employment_status,
        termination_type,

        ---------- timestamps
        effective_date,
        cast(changed_at as timestamp) as changed_at

    from source

)

select * from final
