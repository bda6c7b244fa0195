-- Grain: one kind of leaving or move x closed period x person x unit: the times it happened against
-- the years that the person was employed there.
-- A leaving counts in the period of the first day on which the person was no longer employed, for the
-- unit of the last one; a move for the unit that was left. Whoever left on a period's first day
-- counts there and has no day in it.
with

worked as (

    select * from {{ ref('int_employments__worked') }}

),

stints as (

    select * from {{ ref('int_employments__stints') }}

),

periods as (

    select * from {{ ref('int_metric_standing_periods') }}
    where role in ('turnover', 'turnover_voluntary', 'fixed_term_ended', 'internal_move')

),

tree as (

    select * from {{ ref('int_audiences__tree') }}
    where audience = 'employee'

),

moves as (

    select
        *,
        lead(employed_from) over of_person as next_from,
        lead(department) over of_person as next_department
    from worked
    window of_person as (partition by respondent_id order by employed_from asc)

),

happened as (

    select
        respondent_id,
        person_id,
        source,
        last_department as department,
        left_on as happened_on,
        case
            when leaving_kind = 'end_of_fixed_term' then 'fixed_term_ended'
            when leaving_kind is null then 'leaving_of_unknown_kind'
            else leaving_kind
        end as what
    from stints
    where left_on is not null

    union all

    select
        respondent_id,
        person_id,
        source,
        department,
        next_from as happened_on,
        'internal_move' as what
    from moves
    where next_from = employed_to and next_department is distinct from department

),

-- Which happenings each metric counts.
counted as (

    select
        happened.*,
        unnest(case happened.what
            when 'voluntary' then ['turnover', 'turnover_voluntary']
            when 'involuntary' then ['turnover']
            when 'leaving_of_unknown_kind' then ['turnover']
            else [happened.what]
        end) as role
    from happened

),

-- The years at risk, and in the same columns what happened in them.
summands as (

    select
        periods.role,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        worked.respondent_id,
        worked.person_id,
        worked.source,
        worked.department,
        0.0 as value,
        date_diff(
            'day',
            greatest(worked.employed_from, periods.period_start),
            least(worked.employed_to, periods.period_end)
        ) / 365.25 as exposure
    from periods
    inner join worked
        on
            periods.period_end > worked.employed_from
            and periods.period_start < worked.employed_to

    union all

    select
        periods.role,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        counted.respondent_id,
        counted.person_id,
        counted.source,
        counted.department,
        1.0 as value,
        0.0 as exposure
    from periods
    inner join counted
        on
            periods.role = counted.role
            and periods.period_start <= counted.happened_on
            and periods.period_end > counted.happened_on

),

-- Why people leave is known where a source says so of somebody, and of everybody who left then.
told as (

    select coalesce(bool_or(leaving_kind is not null), false) as is_told
    from stints

),

untold as (

    select distinct
        periods.period_kind,
        periods.period_start
    from periods
    inner join happened
        on
            happened.what = 'leaving_of_unknown_kind'
            and periods.period_start <= happened.happened_on
            and periods.period_end > happened.happened_on

),

final as (

    select
        summands.role,
        tree.audience,
        tree.family,
        summands.person_id,
        summands.respondent_id,
        summands.period_kind,
        summands.period_start,
        summands.period_end,
        {{ source_names('summands.source') }} as sources,
        sum(summands.value) as value,
        sum(summands.exposure) as exposure,
        json_object('department', summands.department) as dimensions,
        true as is_in_parts
    from summands
    cross join told
    left join untold
        on
            summands.period_kind = untold.period_kind
            and summands.period_start = untold.period_start
    cross join tree
    where
        summands.role in ('turnover', 'internal_move')
        or (told.is_told and untold.period_start is null)
    group by all

)

select * from final
