-- Grain: one month x audience x touchpoint type, with its place, x channel x direction.
select
    cast(month as date) as month,
    cast(audience as string) as audience,
    cast(touchpoint_type as string) as touchpoint_type,
    cast(journey as string) as journey,
    cast(stage as string) as stage,
    cast(family as string) as family,
    cast(channel as string) as channel,
    cast(direction as string) as direction,
    cast(sum(touchpoints) as bigint) as touchpoints
from {{ ref('fct_touchpoint_months') }}
where {{ readable_by('cx') }}
group by all
order by all
