-- Grain: one metric x audience x segment x month (or day) of which there is nothing, and that must
-- not be seen. While months of a cut are hidden in a quarter (or days in a week) and all's are
-- shown, a segment that has no row would be known to be empty, and the others be had by subtraction.
with

cells as (

    select
        suppression.*,
        case
            when suppression.period_kind = 'day' then date_trunc('week', suppression.period_start)
            else date_trunc('quarter', suppression.period_start)
        end as whole_start
    from {{ ref('int_metric_suppression') }} as suppression
    inner join {{ ref('metrics') }} as metrics on suppression.metric = metrics.metric
    where
        suppression.period_kind in ('day', 'month')
        and not suppression.is_unlabelled
        and suppression.segment not like 'feedback=%'
        -- How somebody stood at the end of a month adds up to no quarter.
        and (metrics.kind <> 'distinct' or metrics.statistic = 'ratio')

),

totals as (

    select
        metric,
        audience,
        period_kind,
        period_start,
        whole_start
    from cells
    where segment = 'all' and not is_suppressed

),

-- A segment without anything all the quarter is known to be empty all the quarter, and safely so.
segments as (

    select distinct
        metric,
        audience,
        segment,
        period_kind,
        whole_start
    from cells
    where cut <> 'all'
    qualify
        bool_or(is_suppressed)
            over (partition by metric, audience, cut, period_kind, whole_start)

),

final as (

    select
        segments.metric,
        segments.audience,
        segments.segment,
        segments.period_kind,
        totals.period_start,
        periods.period_end
    from segments
    inner join totals
        on
            segments.metric = totals.metric
            and segments.audience = totals.audience
            and segments.period_kind = totals.period_kind
            and segments.whole_start = totals.whole_start
    inner join {{ ref('int_metric_periods') }} as periods
        on
            totals.period_kind = periods.period_kind
            and totals.period_start = periods.period_start
    left join cells
        on
            segments.metric = cells.metric
            and segments.audience = cells.audience
            and segments.segment = cells.segment
            and segments.period_kind = cells.period_kind
            and totals.period_start = cells.period_start
    where cells.metric is null

)

select * from final
