-- Grain: one audience x intention x quarter: what people said they would do, and what they did.
select
    cast(audience as string) as audience,
    cast(intention as string) as intention,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(label as string) as label,
    cast(window_days as bigint) as window_days,
    cast(people as bigint) as people,
    cast(people_said as bigint) as people_said,
    cast(said_share as double) as said_share,
    cast(did_share as double) as did_share,
    cast(gap as double) as gap,
    cast(gap_low as double) as gap_low,
    cast(gap_high as double) as gap_high,
    cast(follow_through as double) as follow_through,
    cast(follow_through_low as double) as follow_through_low,
    cast(follow_through_high as double) as follow_through_high,
    cast(lift as double) as lift,
    cast(lift_low as double) as lift_low,
    cast(lift_high as double) as lift_high,
    cast(basis as string) as basis,
    cast(status as string) as status
from {{ ref('fct_say_do') }}
order by audience, intention, period_start
