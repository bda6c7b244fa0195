-- Grain: one metric x audience x definition version x period x segment.
select
    cast(audience as string) as audience,
    cast(metric as string) as metric,
    cast(definition_version as bigint) as definition_version,
    cast(period_kind as string) as period_kind,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(segment as string) as segment,
    cast(value as double) as value,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    cast(n as bigint) as n,
    cast(n_eff as double) as n_eff,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(value_weighted as double) as value_weighted,
    cast(interval_method as string) as interval_method,
    cast(status as string) as status,
    cast(as_of as timestamp) as as_of,
    cast(source_lag_minutes as bigint) as source_lag_minutes,
    cast(is_protected as boolean) as is_protected
from {{ ref('fct_metric_values') }}
order by audience, metric, period_kind, period_start, segment
