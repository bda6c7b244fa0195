-- Grain: a stretch of an employment with the same facts, as it was known over a time.
-- Each change of an employee shows the whole of both dated tables again; a stretch is
-- known from the first such picture that holds it until the first that does not.
with

employees as (

    select * from {{ ref('stg_bamboohr__employees') }}

),

-- The vendor names a superior; the current one it also identifies.
names as (

    select
        first_name || ' ' || last_name as full_name,
        min(employee_id) as employee_id

    from employees

    group by full_name

    having count(*) = 1

),

-- Of rows with the same effective date the one entered last holds.
jobs as (

    select * from {{ ref('stg_bamboohr__job_info') }}
    qualify row_number() over (
        partition by employee_id, changed_at, effective_date order by position desc
    ) = 1

),

statuses as (

    select * from {{ ref('stg_bamboohr__employment_status') }}
    qualify row_number() over (
        partition by employee_id, changed_at, effective_date order by position desc
    ) = 1

),

deletions as (

    select
        employee_id,
        changed_at

    from {{ ref('stg_bamboohr__employee_changes') }}

    where action = 'Deleted'

),

seen as (

    select
        employee_id,
        changed_at,
        true as has_jobs,
        false as has_statuses
    from jobs
    union all
    select
        employee_id,
        changed_at,
        false as has_jobs,
        true as has_statuses
    from statuses
    union all
    select
        employee_id,
        changed_at,
        true as has_jobs,
        true as has_statuses
    from deletions

),

pictures as (

    select
        employee_id,
        changed_at,
        row_number() over of_employee as picture,
        lead(changed_at) over of_employee as next_changed_at,
        max(case when bool_or(has_jobs) then changed_at end) over of_employee
            as jobs_seen_at,
        max(case when bool_or(has_statuses) then changed_at end) over of_employee
            as statuses_seen_at

    from seen

    group by employee_id, changed_at

    window of_employee as (partition by employee_id order by changed_at)

),

dates as (

    select
        pictures.*,
        jobs.effective_date,
        jobs.effective_date as job_date,
        null as status_date

    from pictures

    inner join jobs
        on
            pictures.employee_id = jobs.employee_id
            and pictures.jobs_seen_at = jobs.changed_at

    union all

    select
        pictures.*,
        statuses.effective_date,
        null as job_date,
        statuses.effective_date as status_date

    from pictures

    inner join statuses
        on
            pictures.employee_id = statuses.employee_id
            and pictures.statuses_seen_at = statuses.changed_at

),

boundaries as (

    select
        employee_id,
        changed_at,
        picture,
        next_changed_at,
        jobs_seen_at,
        statuses_seen_at,
        effective_date as valid_from,
        lead(effective_date) over in_picture as valid_to,
        max(max(job_date)) over in_picture as job_date,
        max(max(status_date)) over in_picture as status_date

    from dates

    group by
        employee_id,
        changed_at,
        picture,
        next_changed_at,
        jobs_seen_at,
        statuses_seen_at,
        effective_date

    window in_picture as (partition by employee_id, picture order by effective_date)

),

stretches as (

    select
        boundaries.employee_id,
        boundaries.picture,
        boundaries.changed_at,
        boundaries.next_changed_at,
        boundaries.valid_from,
        boundaries.valid_to,
        jobs.department,
        jobs.division,
        jobs.job_title,
        jobs.location,
        statuses.termination_type,
        coalesce(
            case
                when jobs.reports_to_name = employees.reports_to_name
                    then employees.reports_to_id
            end,
            names.employee_id
        ) as manager_id,
        case statuses.employment_status
            when 'Full-Time' then 'full_time'
            when 'Part-Time' then 'part_time'
            when 'Contractor' then 'contractor'
            when 'Terminated' then 'terminated'
        end as contract_kind

    from boundaries

    left join jobs
        on
            boundaries.employee_id = jobs.employee_id
            and boundaries.jobs_seen_at = jobs.changed_at
            and boundaries.job_date = jobs.effective_date

    left join statuses
        on
            boundaries.employee_id = statuses.employee_id
            and boundaries.statuses_seen_at = statuses.changed_at
            and boundaries.status_date = statuses.effective_date

    left join employees
        on boundaries.employee_id = employees.employee_id

    left join names
        on jobs.reports_to_name = names.full_name

),

-- A superior's new name would look like a correction, so that fact is not compared.
compared as (

    select
        *,
        concat_ws(
            '|', coalesce(cast(valid_to as varchar), ''), coalesce(department, ''),
            coalesce(division, ''), coalesce(job_title, ''), coalesce(location, ''),
            coalesce(contract_kind, ''), coalesce(termination_type, '')
        ) as facts

    from stretches

),

followed as (

    select
        *,
        lag(picture) over of_stretch as picture_before,
        lag(facts) over of_stretch as facts_before

    from compared
    window of_stretch as (partition by employee_id, valid_from order by picture)

),

marked as (

    select
        *,
        (picture_before = picture - 1 and facts_before = facts) is not true as is_new

    from followed

),

numbered as (

    select
        *,
        sum(cast(is_new as integer)) over (
            partition by employee_id, valid_from order by picture
        ) as version

    from marked

),

known as (

    select
        employee_id,
        valid_from,
        valid_to,
        department,
        division,
        job_title,
        location,
        contract_kind,
        termination_type,
        max_by(manager_id, picture) as manager_id,
        -- What the first picture shows was recorded at some time before it.
        case when min(picture) > 1 then min(changed_at) end as known_from,
        case
            when count(next_changed_at) = count(*) then max(next_changed_at)
        end as known_to

    from numbered
    group by
        employee_id,
        valid_from,
        valid_to,
        department,
        division,
        job_title,
        location,
        contract_kind,
        termination_type,
        version

),

leavings as (

    select
        employee_id,
        valid_from as left_on,
        case
            when termination_type ilike '%involuntary%' then 'involuntary'
            when termination_type ilike '%voluntary%' then 'voluntary'
            when termination_type ilike '%fixed term%' then 'end_of_fixed_term'
        end as leaving_kind

    from known

    where contract_kind = 'terminated' and known_to is null

),

-- The next leaving ends a stretch: somebody who came back may leave again. What was overruled keeps
-- its own end and is not told of a leaving that was entered later.
ended as (

    select
        *,
        case when known_to is null then min(valid_from) filter (
            where contract_kind = 'terminated' and known_to is null
        ) over (
            partition by employee_id
            order by valid_from
            range between current row and unbounded following
        ) end as left_on
    from known

),

led as (

    select
        manager_id,
        valid_from,
        valid_to

    from known
    where known_to is null and contract_kind is distinct from 'terminated'

),

final as (

    select
        ---------- ids
        'bamboohr' as source,
        ended.employee_id as source_record_id,
        concat_ws(
            ':', 'bamboohr', ended.employee_id, ended.valid_from,
            coalesce(strftime(ended.known_from, '%Y-%m-%dT%H:%M:%S'), 'first')
        ) as employment_id,
        'bamboohr:' || ended.employee_id as account_id,
        nullif(employees.employee_number, '') as employee_number,
        'bamboohr:' || ended.manager_id as manager_account_id,

        ---------- facts
        ended.department,
        ended.division,
        ended.job_title,
        ended.location,
        ended.contract_kind,
        leavings.leaving_kind,
        exists( -- noqa: LT01
            select 1 from led
            where
                led.manager_id = ended.employee_id
                and led.valid_from < coalesce(ended.valid_to, date '9999-12-31')
                and ended.valid_from < coalesce(led.valid_to, date '9999-12-31')
        ) as is_manager,
        -- No documented field tells them.
        null as weekly_hours,
        null as is_ended,
        null as snapshot_date,
        null as attributes,

        ---------- dates
        ended.valid_from,
        ended.valid_to,
        employees.hire_date as hired_on,
        ended.left_on,

        ---------- timestamps
        ended.known_from,
        ended.known_to

    from ended

    left join employees
        on ended.employee_id = employees.employee_id

    left join leavings
        on
            ended.employee_id = leavings.employee_id
            and ended.left_on = leavings.left_on

)

select * from final
