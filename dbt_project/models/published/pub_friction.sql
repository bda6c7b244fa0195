-- Grain: one audience x stage of a journey x quarter x kind of friction, and 'any' of its touchpoints.
select
    cast(audience as string) as audience,
    cast(journey as string) as journey,
    cast(stage as string) as stage,
    cast(kind as string) as kind,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(stage_label as string) as stage_label,
    cast(position as bigint) as position,
    cast(phase as string) as phase,
    cast(label as string) as label,
    cast(out_of as bigint) as out_of,
    cast(seen as bigint) as seen,
    cast(share as double) as share,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(minutes as double) as minutes,
    cast(people as bigint) as people,
    cast(status as string) as status
from {{ ref('fct_friction_stages') }}
order by audience, journey, position, period_start, kind
