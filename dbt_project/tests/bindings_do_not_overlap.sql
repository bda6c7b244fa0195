-- An account is known as one person at a time.
with

bindings as (

    select * from {{ ref('bridge_person_identifier') }}

),

neighbours as (

    select
        account_id,
        person_id,
        valid_from,
        max(coalesce(valid_to, timestamp '9999-12-31')) over (
            partition by account_id
            order by valid_from asc, valid_to asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as reached
    from bindings

)

select *
from neighbours
where valid_from < reached
