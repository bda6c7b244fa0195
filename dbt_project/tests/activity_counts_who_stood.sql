-- Active is asked of everybody who stood at a moment, retained and churned of everybody who was active
-- at it: each is counted once. Those persons are written nowhere, so their key can not be asked for.
{{ config(meta={
    'dagster': {'ref': {'name': 'int_metric_standing_groups'}},
    'classes': {
        'role': 'none', 'audience': 'quasi_identifier', 'family': 'quasi_identifier',
        'period_kind': 'none', 'moment': 'none', 'people': 'sensitive', 'expected': 'sensitive',
    },
}) }}
with

standing_groups as (

    select * from {{ ref('int_metric_standing_groups') }}
    where role in ('active', 'retained', 'churned')

),

told as (

    select
        role,
        audience,
        family,
        period_kind,
        case when role = 'active' then period_end else period_start end as moment,
        sum(n) as people,
        sum(positives) as positives
    from standing_groups
    group by all

),

stood as (

    select
        audience,
        family,
        moment,
        count(*) as people
    from {{ ref('int_persons__stood_as') }}
    group by audience, family, moment

),

active as (

    select
        audience,
        family,
        moment,
        max(positives) as people
    from told
    where role = 'active'
    group by audience, family, moment

),

compared as (

    select
        told.role,
        told.audience,
        told.family,
        told.period_kind,
        told.moment,
        told.people,
        case when told.role = 'active' then coalesce(stood.people, 0) else active.people end
            as expected
    from told
    left join stood
        on
            told.audience = stood.audience
            and told.family = stood.family
            and told.moment = stood.moment
    left join active
        on
            told.audience = active.audience
            and told.family = active.family
            and told.moment = active.moment

)

select * from compared
where people <> expected
