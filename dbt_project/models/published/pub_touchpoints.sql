-- Grain: one touchpoint, whoever recorded it, that the purpose may read.
select
    cast({{ pseudonym('touchpoint_id', 'cx') }} as string) as touchpoint_id,
    cast({{ pseudonym('person_id', 'cx') }} as string) as person_key,
    cast(touchpoint_type as string) as touchpoint_type,
    cast(journey as string) as journey,
    cast(stage as string) as stage,
    cast(family as string) as family,
    cast(audience as string) as audience,
    cast(channel as string) as channel,
    cast(direction as string) as direction,
    cast(occurred_at as timestamp) as occurred_at
from {{ ref('fct_touchpoints') }}
where {{ readable_by('cx') }}
