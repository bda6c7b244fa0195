-- Grain: one audience x driver of the score that it is steered by x initiative, if any.
select
    cast(audience as string) as audience,
    cast(metric as string) as metric,
    cast(driver as string) as driver,
    cast(initiative as string) as initiative,
    cast(driver_label as string) as driver_label,
    cast(initiative_label as string) as initiative_label,
    cast(owner_role as string) as owner_role,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(importance as double) as importance,
    cast(importance_low as double) as importance_low,
    cast(importance_high as double) as importance_high,
    cast(share_touched as double) as share_touched,
    cast(target as double) as target,
    cast(score as double) as score,
    cast(distance as double) as distance,
    cast(impact as double) as impact,
    cast(impact_low as double) as impact_low,
    cast(impact_high as double) as impact_high,
    cast(rank_group as bigint) as rank_group,
    cast(is_tied as boolean) as is_tied,
    cast(effort_days as double) as effort_days,
    cast(effort_status as string) as effort_status,
    cast(quadrant as string) as quadrant,
    cast(basis as string) as basis
from {{ ref('fct_priorities') }}
order by audience asc, rank_group asc, impact desc, driver asc, initiative asc
