-- Grain: one audience x stage of a journey x what people did: those never heard against those heard.
select
    cast(audience as string) as audience,
    cast(journey as string) as journey,
    cast(stage as string) as stage,
    cast(outcome as string) as outcome,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(watched_from as date) as watched_from,
    cast(watched_to as date) as watched_to,
    cast(heard as bigint) as heard,
    cast(never_heard as bigint) as never_heard,
    cast(heard_share as double) as heard_share,
    cast(heard_share_low as double) as heard_share_low,
    cast(heard_share_high as double) as heard_share_high,
    cast(never_heard_share as double) as never_heard_share,
    cast(never_heard_share_low as double) as never_heard_share_low,
    cast(never_heard_share_high as double) as never_heard_share_high,
    cast(difference as double) as difference,
    cast(difference_low as double) as difference_low,
    cast(difference_high as double) as difference_high,
    cast(finding as string) as finding,
    cast(basis as string) as basis,
    cast(status as string) as status
from {{ ref('fct_listening_outcomes') }}
order by audience, journey, stage, outcome
