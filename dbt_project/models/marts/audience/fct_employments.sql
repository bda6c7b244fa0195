-- Grain: one stretch of an employment with the same facts, as it was recorded; bitemporal.
with

employments as (

    select * from {{ ref('int_employments') }}

),

final as (

    select
        ---------- ids
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
        employments.is_manager,
        employments.known_to is null
        and employments.valid_from <= {{ local_date(as_of()) }}
        and (
            employments.valid_to is null
            or {{ local_date(as_of()) }} < employments.valid_to
        ) as is_current,

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
