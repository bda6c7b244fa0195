-- Grain: an employee, as the record stands; of a deleted one only the id is left.
with

source as (

    select * from {{ source('bamboohr', 'employees') }}

),

final as (

    select
        ---------- ids
        employee_id,
        employee_number,
        reports_to_id,

        ---------- facts
        first_name,
        last_name,
        work_email,
        mobile_phone,
        department,
        division,
        location,
        reports_to_name,
        _deleted_reason is not null as is_deleted,

        ---------- dates
        hire_date,
        termination_date

    from source

)

select * from final
