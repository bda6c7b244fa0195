-- Grain: one audience x stage of a journey x quarter in which people entered it.
select
    cast(audience as string) as audience,
    cast(journey as string) as journey,
    cast(stage as string) as stage,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(stage_label as string) as stage_label,
    cast(position as bigint) as position,
    cast(phase as string) as phase,
    cast(window_days as bigint) as window_days,
    cast(entered as bigint) as entered,
    cast(converted as bigint) as converted,
    cast(conversion as double) as conversion,
    cast(conversion_low as double) as conversion_low,
    cast(conversion_high as double) as conversion_high,
    cast(skipped as bigint) as skipped,
    cast(conversion_status as string) as conversion_status,
    cast(stays as bigint) as stays,
    cast(median_days as double) as median_days,
    cast(median_days_low as double) as median_days_low,
    cast(median_days_high as double) as median_days_high,
    cast(median_days_status as string) as median_days_status
from {{ ref('fct_journey_funnel') }}
order by audience, journey, position, period_start
