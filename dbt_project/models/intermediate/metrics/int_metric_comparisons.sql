-- Grain: one headline metric x way of comparing: the two disjoint, closed periods that are compared.
-- The latest period with the one before it and with that of a year before, whoever answered in
-- them; the last 90 days with the 90 before.
with

metrics as (

    select
        metric,
        change_period,
        list_contains({{ placed_periods() }}, 'preceding_90') as has_window
    from {{ ref('metrics') }}
    where is_headline

),

periods as (

    select * from {{ ref('int_metric_periods') }}

),

-- Waves stand in no calendar.
known as (

    select
        metrics.metric,
        periods.period_kind,
        periods.period_start
    from metrics
    inner join periods on metrics.change_period = periods.period_kind

    union

    select
        estimates.metric,
        estimates.period_kind,
        estimates.period_start
    from {{ ref('int_metric_estimates') }} as estimates
    inner join metrics
        on
            estimates.metric = metrics.metric
            and estimates.period_kind = metrics.change_period
    where estimates.segment = 'all'

),

latest as (

    select
        metric,
        period_kind,
        period_start,
        lag(period_start) over (
            partition by metric order by period_start asc
        ) as previous_start
    from known
    qualify
        row_number() over (
            partition by metric order by period_start desc
        ) = 1

),

final as (

    select
        metric,
        'period_before' as compared_with,
        period_kind,
        period_start,
        period_kind as previous_kind,
        previous_start
    from latest

    union all

    select
        metric,
        'year_before' as compared_with,
        period_kind,
        period_start,
        period_kind as previous_kind,
        cast(period_start - interval 1 year as date) as previous_start
    from latest
    where period_kind in ('month', 'quarter')

    union all

    select
        metrics.metric,
        'window_before' as compared_with,
        'trailing_90' as period_kind,
        preceding.period_end as period_start,
        preceding.period_kind as previous_kind,
        preceding.period_start as previous_start
    from metrics
    inner join periods as preceding
        on metrics.has_window and preceding.period_kind = 'preceding_90'

)

select * from final
