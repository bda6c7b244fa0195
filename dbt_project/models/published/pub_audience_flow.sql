-- Grain: one closed quarter x audience that people were in as it began x audience that they joined in it.
select
    cast(quarter_start as date) as quarter_start,
    cast(quarter_end as date) as quarter_end,
    cast(from_audience as string) as from_audience,
    cast(to_audience as string) as to_audience,
    cast(movement as string) as movement,
    cast(people_before as bigint) as people_before,
    cast(people as bigint) as people,
    cast(people_left as bigint) as people_left,
    cast(share as double) as share,
    cast(share_low as double) as share_low,
    cast(share_high as double) as share_high,
    cast(status as string) as status,
    cast(reason as string) as reason
from {{ ref('fct_audience_flow') }}
order by quarter_start, from_audience, to_audience
