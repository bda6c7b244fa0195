-- Grain: one audience of the registry, with how many persons are in it at the run's clock.
with

audiences as (

    select * from {{ ref('audiences') }}

),

memberships as (

    select * from {{ ref('int_memberships') }}

),

counted as (

    select
        audience,
        count(distinct person_id) as persons
    from memberships
    where
        (valid_from is null or valid_from <= {{ as_of() }})
        and (valid_to is null or valid_to > {{ as_of() }})
    group by audience

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
        audiences.champions,
        audiences.journey,
        coalesce(stages.stages, 0) as journey_stages,
        audiences.instrument,
        cast(audiences.cadence_days as bigint) as cadence_days,
        audiences.target_metric,
        cast(audiences.target as double) as target,
        cast(audiences.minimum_group as bigint) as minimum_group,
        audiences.is_minor,
        counted.persons
    from audiences
    left join counted on audiences.audience = counted.audience
    left join stages on audiences.journey = stages.journey

)

select * from final
