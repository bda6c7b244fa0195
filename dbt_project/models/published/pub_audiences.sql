-- Grain: one audience.
select
    cast(audience as string) as audience,
    cast(label as string) as label,
    cast(family as string) as family,
    cast(parent as string) as parent,
    cast(rank as bigint) as rank,
    cast(owner_role as string) as owner_role,
    cast(owner_status as string) as owner_status,
    cast(champions as string) as champions,
    cast(journey as string) as journey,
    cast(journey_stages as bigint) as journey_stages,
    cast(instrument as string) as instrument,
    cast(cadence_days as bigint) as cadence_days,
    cast(target_metric as string) as target_metric,
    cast(target as double) as target,
    cast(published_persons as bigint) as persons
from {{ ref('dim_audiences') }}
order by rank
