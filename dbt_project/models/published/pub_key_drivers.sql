-- Grain: one metric x audience x period x driver.
select
    cast(audience as string) as audience,
    cast(metric as string) as metric,
    cast(period_kind as string) as period_kind,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(driver as string) as driver,
    cast(label as string) as label,
    cast(weight as double) as weight,
    cast(share_of_r2 as double) as share_of_r2,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(is_clear as boolean) as is_clear,
    cast(correlation as double) as correlation,
    cast(rank_group as bigint) as rank_group,
    cast(r2 as double) as r2,
    cast(n as bigint) as n,
    cast(n_known as bigint) as n_known,
    cast(persons as bigint) as persons,
    cast(drivers as bigint) as drivers,
    cast(basis as string) as basis,
    cast(status as string) as status,
    cast(is_latest as boolean) as is_latest,
    cast(as_of as timestamp) as as_of
from {{ ref('fct_key_drivers') }}
order by audience, metric, period_kind, period_start, driver
