-- Grain: one human being, with what decides which facts about them may leave.
with

persons as (

    select * from {{ source('identity', 'persons') }}

),

memberships as (

    select * from {{ ref('int_memberships') }}

),

audiences as (

    select * from {{ ref('audiences') }}

),

employed as (

    select distinct person_id
    from {{ ref('int_employments') }}
    where person_id is not null

),

flags as (

    select
        memberships.person_id,
        bool_or(audiences.family = 'workforce') as is_workforce,
        bool_or(audiences.is_minor) as is_minor
    from memberships
    inner join audiences on memberships.audience = audiences.audience
    group by memberships.person_id

),

final as (

    select
        persons.*,
        coalesce(flags.is_workforce, false) or employed.person_id is not null as is_workforce,
        coalesce(flags.is_minor, false)
        or coalesce(persons.birth_date + interval 18 year > {{ as_of() }}, false) as is_minor
    from persons

    left join flags on persons.person_id = flags.person_id

    left join employed on persons.person_id = employed.person_id

)

select * from final
