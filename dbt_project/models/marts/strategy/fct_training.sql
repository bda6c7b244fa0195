-- Grain: one training x closed quarter or wave of the figure that it should move, from a year before.
-- Beside it how many of those it is for had completed it by then. Beside, and no more: that both went up
-- says nothing of why. A unit whose headcount is hidden, or in which a handful did or did not complete it,
-- shows no completion.
with

trainings as (

    select
        trainings.*,
        -- Waves of what is asked in waves, quarters of everything else.
        coalesce(metrics.change_period, 'quarter') as period_kind
    from {{ ref('trainings') }} as trainings
    inner join {{ ref('metrics') }} as metrics on trainings.metric = metrics.metric

),

metric_values as (

    select * from {{ ref('fct_metric_values') }}

),

periods as (

    select
        trainings.*,
        metric_values.period_start,
        metric_values.period_end,
        metric_values.value,
        metric_values.low,
        metric_values.high,
        metric_values.n,
        metric_values.status
    from trainings
    inner join metric_values
        on
            trainings.metric = metric_values.metric
            and trainings.audience = metric_values.audience
            and trainings.segment = metric_values.segment
            and trainings.period_kind = metric_values.period_kind
            and trainings.started_on - interval 1 year < metric_values.period_end

),

completed as (

    select * from {{ ref('int_trainings_completed') }}

),

-- What nobody was ever seen to complete is not on record.
records as (

    select
        training,
        min(completed_on) as since
    from completed
    group by training

),

-- Who was employed as the period ended, counted as headcount is.
units as (

    select
        periods.training,
        periods.period_end,
        count(distinct worked.respondent_id) as people,
        count(distinct completed.respondent_id) as completed
    from periods
    inner join {{ ref('int_employments__worked') }} as worked
        on
            periods.period_end > worked.employed_from
            and periods.period_end <= worked.employed_to
            and list_contains(
                coalesce(string_split(periods.departments, '|'), [coalesce(worked.department, '')]),
                coalesce(worked.department, '')
            )
    left join completed
        on
            periods.training = completed.training
            and worked.respondent_id = completed.respondent_id
            and periods.period_end > completed.completed_on
    where periods.kind = 'people'
    group by periods.training, periods.period_end

),

-- Departments of which no headcount is told: as the last month had ended by then.
unseen as (

    select
        named.training,
        named.period_end,
        count(*) filter (where coalesce(headcounts.status, 'suppressed') = 'suppressed') as departments
    from (
        select
            training,
            period_end,
            unnest(coalesce(
                list_transform(
                    string_split(departments, '|'),
                    lambda department: 'department=' || url_encode(department)
                ),
                ['all']
            )) as segment
        from periods
        where kind = 'people'
    ) as named
    left join metric_values as headcounts
        on
            headcounts.metric = 'headcount'
            and headcounts.audience = 'employee'
            and headcounts.period_kind = 'month'
            and named.segment = headcounts.segment
            and date_trunc('month', named.period_end) = headcounts.period_end
    group by named.training, named.period_end

),

smallest as (

    select max({{ minimum_group('audiences') }}) as minimum_group
    from {{ ref('audiences') }} as audiences
    where audiences.audience = 'employee'

),

judged as (

    select
        periods.*,
        units.people,
        units.completed,
        units.completed / nullif(units.people, 0) as completion,
        case
            when periods.kind <> 'people' or records.since is null or units.people is null
                then 'not_measured'
            when
                -- A unit of a handful has a handful who did, or who did not.
                unseen.departments > 0
                or units.completed between 1 and smallest.minimum_group - 1
                or units.people - units.completed between 1 and smallest.minimum_group - 1
                then 'suppressed'
            when units.people < 30 then 'low_n'
            else 'ok'
        end as completion_status
    from periods
    cross join smallest
    left join records on periods.training = records.training
    left join units
        on
            periods.training = units.training
            and periods.period_end = units.period_end
    left join unseen
        on
            periods.training = unseen.training
            and periods.period_end = unseen.period_end

),

final as (

    select
        ---------- keys
        training,
        period_kind,
        period_start,
        period_end,

        ---------- the training
        label,
        kind,
        departments,
        started_on,
        case
            when period_end <= started_on then 'before'
            when period_start >= started_on then 'after'
            else 'during'
        end as placed,

        ---------- who completed it
        {%- set is_told = "completion_status in ('ok', 'low_n')" %}
        case when {{ is_told }} then people end as people,
        case when {{ is_told }} then completed end as completed,
        case when {{ is_told }} then completion end as completion,
        completion_status,

        ---------- the figure that it should move, as it is published
        metric,
        audience,
        segment,
        value,
        low,
        high,
        n,
        status,
        'beside, not because' as basis

    from judged

)

select * from final
