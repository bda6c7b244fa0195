-- Grain: one metric x audience that should be measured and has no value at the latest period.
with

audiences as (

    select * from {{ ref('audiences') }}

),

metrics as (

    select
        *,
        coalesce(change_period, string_split(periods, '|')[1]) as absence_period
    from {{ ref('metrics') }}

),

estimates as (

    select estimates.*
    from {{ ref('int_metric_estimates') }} as estimates
    inner join metrics on estimates.metric = metrics.metric
    -- What has no total is measured where one of its parts is.
    where
        estimates.segment = 'all'
        or not list_contains(string_split(metrics.segments, '|'), 'all')

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
        metrics.metric,
        audiences.audience,
        'all' as segment,
        latest.period_kind,
        latest.period_start,
        latest.period_end
    from metrics
    inner join audiences
        on list_contains(string_split(metrics.families, '|'), audiences.family)
    inner join latest on metrics.absence_period = latest.period_kind
    left join estimates
        on
            metrics.metric = estimates.metric
            and audiences.audience = estimates.audience
            and latest.period_kind = estimates.period_kind
            and latest.period_start = estimates.period_start
    where estimates.metric is null

)

select * from final
