-- Grain: one audience x phase x measure, over the 365 days to the run's clock.
select
    cast(audience as string) as audience,
    cast(phase as string) as phase,
    cast(measure as string) as measure,
    cast(value as double) as value,
    cast(share as double) as share,
    cast(persons as bigint) as persons,
    cast(status as string) as status,
    cast(begins_at as timestamp) as begins_at,
    cast(as_of as timestamp) as as_of
from {{ ref('fct_journey_balance') }}
order by audience, measure, phase
