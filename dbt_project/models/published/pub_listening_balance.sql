-- Grain: one audience x stage of a journey x quarter x kind of feedback, and 'any'.
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
    cast(exposed as bigint) as exposed,
    cast(heard as bigint) as heard,
    cast(reach as double) as reach,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(responses as bigint) as responses,
    cast(status as string) as status
from {{ ref('fct_listening_balance') }}
order by audience, journey, position, period_start, kind
