-- Grain: one metric x audience that should be measured and has no value at the latest period.
-- What is published by stage alone has no one value there: it is absent where no stage ever had any.
with

audiences as (

    select * from {{ ref('audiences') }}

),

metrics as (

    select
        *,
        coalesce(change_period, string_split(periods, '|')[1]) as absence_period,
        list_contains(string_split(segments, '|'), 'all') as has_all
    from {{ ref('metrics') }}

),

wanted as (

    select
        *,
        unnest(string_split(families, '|')) as family
    from metrics

),

estimates as (

    select
        estimates.*,
        case when metrics.has_all then estimates.period_start end as decisive_start
    from {{ ref('int_metric_estimates') }} as estimates
    inner join metrics on estimates.metric = metrics.metric
    where estimates.segment = 'all' or not metrics.has_all

),

closed as (

    select
        period_kind,
        period_start,
        period_end
    from {{ ref('int_metric_periods') }}

    union

    select
        period_kind,
        period_start,
        period_end
    from estimates

    union

    -- Where there was no wave and no snapshot at all, the last quarter and today stand for them.
    select
        'wave' as period_kind,
        period_start,
        period_end
    from {{ ref('int_metric_periods') }}
    where
        period_kind = 'quarter'
        and not exists (
            select 1 from estimates
            where estimates.period_kind = 'wave'
        )

    union

    select
        'snapshot' as period_kind,
        {{ local_date(as_of()) }} as period_start,
        cast({{ local_date(as_of()) }} + interval 1 day as date) as period_end
    where
        not exists (
            select 1 from estimates
            where estimates.period_kind = 'snapshot'
        )

),

latest as (

    select
        period_kind,
        max(period_start) as period_start,
        max(period_end) as period_end
    from closed
    group by period_kind

),

final as (

    select
        wanted.metric,
        audiences.audience,
        'all' as segment,
        latest.period_kind,
        latest.period_start,
        latest.period_end
    from wanted
    inner join audiences on wanted.family = audiences.family
    inner join latest on wanted.absence_period = latest.period_kind
    left join estimates
        on
            wanted.metric = estimates.metric
            and audiences.audience = estimates.audience
            and latest.period_kind = estimates.period_kind
            and case when wanted.has_all then latest.period_start end
            is not distinct from estimates.decisive_start
    where estimates.metric is null

)

select * from final
