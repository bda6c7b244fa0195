-- Grain: one human being, resolved over all systems.
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

flags as (

    select
        memberships.person_id,
        bool_or(audiences.family = 'workforce') as is_workforce,
        bool_or(audiences.is_minor) as is_minor_audience
    from memberships
    inner join audiences on memberships.audience = audiences.audience
    group by memberships.person_id

),

final as (

    select
        persons.person_id,
        persons.country,
        persons.language,
        persons.accounts,
        persons.sources,
        coalesce(flags.is_workforce, false) as is_workforce,
        coalesce(flags.is_minor_audience, false)
        or coalesce(persons.birth_date + interval 18 year > {{ as_of() }}, false) as is_minor,
        persons.is_deleted,
        persons.is_test,
        persons.first_seen_at
    from persons

    left join flags on persons.person_id = flags.person_id

)

select * from final
