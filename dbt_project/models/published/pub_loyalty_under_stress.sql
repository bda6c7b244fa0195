-- Grain: one kind of stress x audience.
select
    cast(stress as string) as stress,
    cast(audience as string) as audience,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(persons_stressed as bigint) as persons_stressed,
    cast(persons_matched as bigint) as persons_matched,
    cast(matched_share as double) as matched_share,
    cast(retention as double) as retention,
    cast(retention_matched as double) as retention_matched,
    cast(difference as double) as difference,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(smallest_detectable as double) as smallest_detectable,
    cast(finding as string) as finding,
    cast(status as string) as status,
    cast(reason as string) as reason,
    cast(basis as string) as basis
from {{ ref('fct_loyalty_under_stress') }}
order by stress, audience
