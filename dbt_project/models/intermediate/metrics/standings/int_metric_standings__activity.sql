-- Grain: one person x audience x period: whether they were active at its end, and of those active at
-- its start whether they stayed.
-- An audience that is no contract is measured once its family's orders or visits have been on record
-- for 90 days: before that nobody could be seen to be active.
with

deeds as (

    select * from {{ ref('int_deeds') }}
    where record = 'order' and deed_kind in ('order', 'attendance')

),

records as (

    select
        family,
        min(happened_on) as begun_on
    from deeds
    group by family

),

deed_sources as (

    select
        person_id,
        family,
        list(distinct source) as sources
    from deeds
    group by person_id, family

),

active as (

    select * from {{ ref('int_persons__active') }}

),

stood as (

    select
        stood.person_id,
        stood.family,
        stood.audience,
        stood.moment,
        list_distinct(list_concat(stood.sources, deed_sources.sources)) as sources,
        active.moment is not null as is_active
    from {{ ref('int_persons__stood_as') }} as stood
    left join records on stood.family = records.family
    left join active
        on
            stood.person_id = active.person_id
            and stood.family = active.family
            and stood.moment = active.moment
    left join deed_sources
        on
            stood.person_id = deed_sources.person_id
            and stood.family = deed_sources.family
    where
        records.begun_on + 90 <= stood.moment
        or stood.audience in (select audience from {{ ref('contract_audiences') }})

),

at_the_end as (

    select
        periods.role,
        stood.audience,
        stood.family,
        stood.person_id,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        stood.sources,
        case when stood.is_active then 1.0 else 0.0 end as value
    from stood
    inner join {{ ref('int_metric_standing_periods') }} as periods
        on stood.moment = periods.period_end
    where periods.role = 'active'

),

since_the_start as (

    select
        periods.role,
        stood.audience,
        stood.family,
        stood.person_id,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        stood.sources,
        case
            when (active.moment is not null) = (periods.role = 'retained') then 1.0
            else 0.0
        end as value
    from stood
    inner join {{ ref('int_metric_standing_periods') }} as periods
        on stood.moment = periods.period_start
    left join active
        on
            stood.person_id = active.person_id
            and stood.family = active.family
            and periods.period_end = active.moment
    where
        periods.role in ('retained', 'churned')
        and stood.is_active

),

final as (

    select * from at_the_end
    union all
    select * from since_the_start

)

select * from final
