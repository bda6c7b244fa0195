-- Grain: one audience x stage x quarter x labeller x language x kind of feedback: how much is negative.
select
    cast(audience as string) as audience,
    cast(journey as string) as journey,
    cast(stage as string) as stage,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(labeller as string) as labeller,
    cast(language as string) as language,
    cast(kind as string) as kind,
    cast(texts as bigint) as texts,
    cast(people as bigint) as people,
    cast(n_eff as double) as n_eff,
    cast(share as double) as share,
    cast(share_low as double) as share_low,
    cast(share_high as double) as share_high,
    cast(difference as double) as difference,
    cast(difference_low as double) as difference_low,
    cast(difference_high as double) as difference_high,
    cast(finding as string) as finding,
    cast(status as string) as status
from {{ ref('fct_listening_tone') }}
order by audience, journey, stage, period_start, labeller, language, kind
