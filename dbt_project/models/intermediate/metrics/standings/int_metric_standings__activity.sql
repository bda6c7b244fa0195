-- Grain: one person x audience x period: whether they were active at its end, and of those active at
-- its start whether they stayed.
-- An audience that is no contract is measured once its family's orders or visits have been on record
-- for 90 days: before that nobody could be seen to be active.
with

deeds as (

    select * from {{ ref('int_deeds') }}
    where {{ is_occasion() }}

),

records as (

    select
        family,
        min(happened_on) as begun_on
    from deeds
    group by family

),

active as (

    select * from {{ ref('int_persons__active') }}

),

stood as (

    select
        stood.*,
        active.moment is not null as is_active
    from {{ ref('int_persons__stood_as') }} as stood
    left join records on stood.family = records.family
    left join active
        on
            stood.person_id = active.person_id
            and stood.family = active.family
            and stood.moment = active.moment
    where
        records.begun_on + 90 <= stood.moment
        or stood.audience in (select audience from {{ ref('contract_audiences') }})

),

at_the_end as (

    select
        periods.role,
        periods.asks_for_persons,
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

-- Whoever is retained is not churned: looked up once for both.
windows as (

    select distinct
        period_kind,
        period_start,
        period_end
    from {{ ref('int_metric_standing_periods') }}
    where role in ('retained', 'churned')

),

from_the_start as (

    select
        stood.*,
        windows.period_kind,
        windows.period_start,
        windows.period_end,
        active.moment is not null as has_stayed
    from stood
    inner join windows on stood.moment = windows.period_start
    left join active
        on
            stood.person_id = active.person_id
            and stood.family = active.family
            and windows.period_end = active.moment
    where stood.is_active

),

since_the_start as (

    select
        periods.role,
        periods.asks_for_persons,
        from_the_start.audience,
        from_the_start.family,
        from_the_start.person_id,
        from_the_start.period_kind,
        from_the_start.period_start,
        from_the_start.period_end,
        from_the_start.sources,
        case when from_the_start.has_stayed = (periods.role = 'retained') then 1.0 else 0.0 end
            as value
    from from_the_start
    inner join {{ ref('int_metric_standing_periods') }} as periods
        on
            from_the_start.period_kind = periods.period_kind
            and from_the_start.period_start = periods.period_start
    where periods.role in ('retained', 'churned')

),

final as (

    select * from at_the_end
    union all
    select * from since_the_start

)

select * from final
