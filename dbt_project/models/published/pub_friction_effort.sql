-- Grain: one audience x stage of a journey: effort that was seen beside the ease that was answered.
select
    cast(audience as string) as audience,
    cast(journey as string) as journey,
    cast(stage as string) as stage,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(answers as bigint) as answers,
    cast(people as bigint) as people,
    cast(ces_mean as double) as ces_mean,
    cast(effort_share as double) as effort_share,
    cast(ces_without as double) as ces_without,
    cast(ces_with as double) as ces_with,
    cast(difference as double) as difference,
    cast(difference_low as double) as difference_low,
    cast(difference_high as double) as difference_high,
    cast(correlation as double) as correlation,
    cast(correlation_low as double) as correlation_low,
    cast(correlation_high as double) as correlation_high,
    cast(finding as string) as finding,
    cast(basis as string) as basis,
    cast(status as string) as status
from {{ ref('fct_friction_effort') }}
order by audience, journey, stage
