-- Grain: one stretch of an employment with the same facts, as it was known over a time; bitemporal.
-- What was known at a moment T of a day D: known_from <= T < known_to and valid_from <= D < valid_to,
-- a null being open.
with

employments as (

    select * from {{ ref('int_employments') }}

),

final as (

    select
        ---------- ids
        employments.employment_version_id,
        employments.employment_id,
        employments.account_id,
        employments.person_id,
        employments.manager_account_id,

        ---------- facts
        employments.department,
        employments.division,
        employments.job_title,
        employments.location,
        employments.contract_kind,
        employments.leaving_kind,
        employments.weekly_hours,
        employments.is_manager,
        coalesce(employments.known_from <= {{ as_of() }}, true)
        and coalesce({{ as_of() }} < employments.known_to, true)
        and employments.valid_from <= {{ local_date(as_of()) }}
        and coalesce({{ local_date(as_of()) }} < employments.valid_to, true) as is_current,

        ---------- times
        employments.valid_from,
        employments.valid_to,
        employments.hired_on,
        employments.left_on,
        employments.known_from,
        employments.known_to

    from employments

)

select * from final
