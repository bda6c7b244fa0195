-- Grain: a row of an employee's job table, each time the table was seen.
with

source as (

    select * from {{ source('bamboohr', 'job_info') }}

),

final as (

    select
        ---------- ids
        employee_id,
        position,

        ---------- facts
        department,
        division,
        job_title,
        location,
        reports_to as reports_to_name,

        ---------- timestamps
        effective_date,
        cast(changed_at as timestamp) as changed_at

    from source

)

select * from final
