-- Grain: one closed quarter or year x adult fan, with what they were as it began and as it ended.
-- A superfan is who shows it by deeds, a follower who is nothing nearer than that; everybody else of the
-- family is a fan. Where it can not be seen at both ends who is a superfan, nobody is called one.
with

fans as (

    select
        stood.person_id,
        stood.audience,
        stood.moment
    from {{ ref('int_persons__stood_as') }} as stood
    inner join {{ ref('int_persons') }} as persons on stood.person_id = persons.person_id
    where stood.family = 'fan' and not persons.is_minor

),

engagement as (

    select * from {{ ref('int_fan_engagement') }}

),

-- A superfan is one at two month ends, so the first at which it shows could have seen none.
shows as (

    select
        moment,
        bool_and(shows_superfans)
        and coalesce(
            lag(bool_and(shows_superfans)) over (order by moment asc), false
        ) as shows_superfans
    from engagement
    group by moment

),

periods as (

    select
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        coalesce(at_start.shows_superfans and at_end.shows_superfans, false) as has_superfans
    from {{ ref('int_metric_periods') }} as periods
    left join shows as at_start on periods.period_start = at_start.moment
    left join shows as at_end on periods.period_end = at_end.moment
    where periods.period_kind in ('quarter', 'year')

),

-- Both ends of a period, each with who stood there.
ends as (

    select
        periods.*,
        true as is_start,
        fans.person_id,
        fans.audience,
        fans.moment
    from periods
    inner join fans on periods.period_start = fans.moment

    union all

    select
        periods.*,
        false as is_start,
        fans.person_id,
        fans.audience,
        fans.moment
    from periods
    inner join fans on periods.period_end = fans.moment

),

stood as (

    select
        ends.*,
        case
            when ends.has_superfans and engagement.is_superfan then 'superfan'
            when ends.audience = 'follower' then 'follower'
            else 'fan'
        end as state
    from ends
    left join engagement
        on
            ends.person_id = engagement.person_id
            and ends.moment = engagement.moment

),

moved as (

    select
        period_kind,
        period_start,
        period_end,
        has_superfans,
        person_id,
        coalesce(max(case when is_start then state end), 'joined') as from_state,
        coalesce(max(case when not is_start then state end), 'left') as to_state
    from stood
    group by period_kind, period_start, period_end, has_superfans, person_id

),

final as (

    select
        moved.*,
        {{ buys('purchases', 'moved.period_start') }} as buys
    from moved
    inner join {{ ref('int_persons__purchases') }} as purchases
        on moved.person_id = purchases.person_id

)

select * from final
