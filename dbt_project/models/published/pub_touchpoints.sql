-- Grain: one touchpoint, whoever recorded it, that the purpose may read.
with

touchpoints as (

    select * from {{ ref('fct_touchpoints') }}
    where {{ readable_by('cx') }}

),

-- A key costs two hashes: a person's is made once and not at each of their touchpoints.
persons as (

    select
        person_id,
        {{ pseudonym('person_id', 'cx') }} as person_key
    from {{ ref('fct_touchpoints') }}
    group by person_id

)

select
    cast({{ pseudonym('touchpoints.touchpoint_id', 'cx') }} as string) as touchpoint_id,
    cast(persons.person_key as string) as person_key,
    cast(touchpoints.touchpoint_type as string) as touchpoint_type,
    cast(touchpoints.journey as string) as journey,
    cast(touchpoints.stage as string) as stage,
    cast(touchpoints.family as string) as family,
    cast(touchpoints.audience as string) as audience,
    cast(touchpoints.channel as string) as channel,
    cast(touchpoints.direction as string) as direction,
    cast(touchpoints.occurred_at as timestamp) as occurred_at
from touchpoints
left join persons on touchpoints.person_id = persons.person_id
