-- Grain: one headline metric x audience x way of comparing.
select
    cast(audience as string) as audience,
    cast(metric as string) as metric,
    cast(compared_with as string) as compared_with,
    cast(period_kind as string) as period_kind,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(previous_start as date) as previous_start,
    cast(previous_end as date) as previous_end,
    cast(change as double) as change,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(p_value as double) as p_value,
    cast(verdict as string) as verdict,
    cast(smallest_detectable as double) as smallest_detectable,
    cast(is_paired as boolean) as is_paired
from {{ ref('fct_metric_changes') }}
order by audience, metric, compared_with
