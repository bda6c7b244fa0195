-- Grain: one metric.
select
    cast(metric as string) as metric,
    cast(label as string) as label,
    cast(definition_version as bigint) as definition_version,
    cast(kind as string) as kind,
    cast(unit as string) as unit,
    cast(component as string) as component,
    cast(direction as string) as direction,
    cast(families as string) as families,
    cast(periods as string) as periods,
    cast(segments as string) as segments,
    cast(is_headline as boolean) as is_headline,
    cast(anchor as string) as anchor,
    cast(maturity_days as bigint) as maturity_days,
    cast(stale_after_days as bigint) as stale_after_days,
    cast(denominator as string) as denominator,
    cast(interval_method as string) as interval_method,
    cast(formula as string) as formula,
    cast(event as string) as event,
    cast(owner as string) as owner,
    cast(changes as string) as changes
from {{ ref('dim_metrics') }}
order by metric
