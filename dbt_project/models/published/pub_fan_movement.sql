-- Grain: one closed quarter or year x whether they had ever bought x what adult fans were as it began x what
-- they were as it ended.
select
    cast(period_kind as string) as period_kind,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(buys as string) as buys,
    cast(from_state as string) as from_state,
    cast(to_state as string) as to_state,
    cast(people_before as bigint) as people_before,
    cast(people as bigint) as people,
    cast(share as double) as share,
    cast(share_low as double) as share_low,
    cast(share_high as double) as share_high,
    cast(status as string) as status
from {{ ref('fct_fan_movement') }}
order by period_kind, period_start, buys, from_state, to_state
