-- Grain: one link: a metric of employees x a metric of those they serve.
select
    cast(ex_audience as string) as ex_audience,
    cast(ex_metric as string) as ex_metric,
    cast(cx_metric as string) as cx_metric,
    cast(teams as bigint) as teams,
    cast(waves as bigint) as waves,
    cast(first_wave as date) as first_wave,
    cast(last_wave as date) as last_wave,
    cast(effect as double) as effect,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(p_value as double) as p_value,
    cast(smallest_detectable as double) as smallest_detectable,
    cast(placebo as double) as placebo,
    cast(placebo_p_value as double) as placebo_p_value,
    cast(finding as string) as finding,
    cast(reason as string) as reason,
    'association, not cause' as basis
from {{ ref('fct_ex_to_cx') }}
order by ex_audience, ex_metric, cx_metric
