-- Grain: one stretch over which one person was employed in one unit, as it is known at the run's
-- clock; half-open, in days. Of stretches of several accounts of a person the one that began last
-- holds, as everywhere. What begins later than the clock is here and counts in no closed period.
with

employments as (

    select
        *,
        coalesce(person_id, account_id) as respondent_id,
        -- The hire may stand in the record, and the record may have been opened before it.
        case
            when valid_from < hired_on and hired_on < coalesce(valid_to, date '9999-12-31')
                then hired_on
            else valid_from
        end as begins_on,
        coalesce(valid_to, date '9999-12-31') as ends_on
    from {{ ref('int_employments') }}
    where
        contract_kind is distinct from 'terminated'
        and coalesce(known_from <= {{ as_of() }}, true)
        and coalesce({{ as_of() }} < known_to, true)

),

claimed as (

    select * from employments
    where begins_on < ends_on

),

days as (

    select
        respondent_id,
        begins_on as employed_from
    from claimed

    union

    select
        respondent_id,
        ends_on as employed_from
    from claimed

),

cells as (

    select
        respondent_id,
        employed_from,
        lead(employed_from) over (
            partition by respondent_id
            order by employed_from asc
        ) as employed_to
    from days

),

held as (

    select
        claimed.* exclude (valid_from, valid_to, begins_on, ends_on),
        cells.employed_from,
        cells.employed_to
    from cells
    inner join claimed
        on
            cells.respondent_id = claimed.respondent_id
            and cells.employed_from >= claimed.begins_on
            and cells.employed_from < claimed.ends_on
    qualify
        row_number() over (
            partition by cells.respondent_id, cells.employed_from
            order by claimed.begins_on desc, claimed.employment_version_id desc
        ) = 1

),

final as (

    select
        md5(respondent_id || '|' || employed_from) as worked_id,
        respondent_id,
        person_id,
        source,
        department,
        division,
        job_title,
        manager_account_id,
        weekly_hours,
        hired_on,
        leaving_kind,
        employed_from,
        employed_to
    from held

)

select * from final
