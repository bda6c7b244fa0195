-- A person is in an audience once at a time: stretches that touch are one stretch.
with

memberships as (

    select * from {{ ref('int_memberships') }}

),

neighbours as (

    select
        person_id,
        audience,
        valid_from,
        lag(coalesce(valid_to, timestamp '9999-12-31')) over (
            partition by person_id, audience
            order by valid_from asc nulls first
        ) as previous_valid_to
    from memberships

)

select *
from neighbours
where coalesce(valid_from, timestamp '1900-01-01') <= previous_valid_to
