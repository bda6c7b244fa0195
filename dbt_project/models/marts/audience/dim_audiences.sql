-- Grain: one audience of the registry, with how many persons are in it at the run's clock.
with

audiences as (

    select * from {{ ref('audiences') }}

),

memberships as (

    select * from {{ ref('int_memberships') }}

),

persons as (

    select * from {{ ref('int_persons') }}
    where not is_deleted and not is_test

),

counted as (

    select
        memberships.audience,
        count(distinct memberships.person_id) as persons
    from memberships
    inner join persons on memberships.person_id = persons.person_id
    where
        (memberships.valid_from is null or memberships.valid_from <= {{ as_of() }})
        and (memberships.valid_to is null or memberships.valid_to > {{ as_of() }})
    group by memberships.audience

),

owner_roles as (

    select * from {{ ref('int_owner_roles') }}

),

stages as (

    select
        journey,
        count(*) as stages
    from {{ ref('journey_stages') }}
    group by journey

),

final as (

    select
        audiences.audience,
        audiences.label,
        audiences.family,
        audiences.parent,
        cast(audiences.rank as bigint) as rank,
        audiences.owner_role,
        coalesce(owner_roles.owner_status, 'none') as owner_status,
        audiences.champions,
        audiences.journey,
        coalesce(stages.stages, 0) as journey_stages,
        audiences.instrument,
        cast(audiences.cadence_days as bigint) as cadence_days,
        audiences.target_metric,
        cast(audiences.target as double) as target,
        cast(audiences.minimum_group as bigint) as minimum_group,
        audiences.is_minor,
        counted.persons,
        -- Neither a few nor the few who make the difference to the audience above.
        case
            when
                counted.persons >= {{ minimum_group('audiences') }}
                and coalesce(
                    above.persons - counted.persons
                    not between 1 and {{ minimum_group('audiences') }} - 1,
                    true
                )
                then counted.persons
        end as published_persons
    from audiences
    left join counted on audiences.audience = counted.audience
    left join counted as above on audiences.parent = above.audience
    left join owner_roles on audiences.owner_role = owner_roles.owner_role
    left join stages on audiences.journey = stages.journey

)

select * from final
