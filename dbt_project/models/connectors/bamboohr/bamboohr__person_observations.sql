-- Grain: an employee.
with

employees as (

    select * from {{ ref('stg_bamboohr__employees') }}

),

changes as (

    select
        employee_id,
        max(changed_at) as changed_at

    from {{ ref('stg_bamboohr__employee_changes') }}

    group by employee_id

),

final as (

    select
        ---------- ids
        'bamboohr' as source,
        employees.employee_id as source_record_id,
        'bamboohr:' || employees.employee_id as account_id,
        nullif(employees.employee_number, '') as employee_number,
        null as member_number,
        null as external_id,
        null as organisation_id,
        null as merged_into_account_id,

        ---------- facts
        'employee' as account_kind,
        nullif(employees.first_name, '') as first_name,
        nullif(employees.last_name, '') as last_name,
        null as full_name,
        nullif(employees.work_email, '') as email,
        nullif(employees.mobile_phone, '') as phone,
        null as birth_date,
        null as language,
        null as country,
        null as city,
        false as is_test,
        employees.is_deleted,
        null as attributes,

        ---------- timestamps
        null as created_at,
        changes.changed_at as updated_at

    from employees

    left join changes
        on employees.employee_id = changes.employee_id

)

select * from final
