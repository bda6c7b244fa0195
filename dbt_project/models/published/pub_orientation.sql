-- Grain: one closed wave of the culture survey.
select
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(people as bigint) as people,
    cast(score as double) as score,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(orientation as string) as orientation,
    cast(orientation_low as string) as orientation_low,
    cast(orientation_high as string) as orientation_high,
    cast(basis as string) as basis,
    cast(status as string) as status
from {{ ref('fct_orientation') }}
order by period_start
