-- Grain: one person x audience x stage they were seen at in a year of four quarters x what they did.
-- The windows are fixed in advance and closed: seen in the year that ended with a quarter, heard until
-- 30 days after, and then, from the first of the month after next to the one six months later, either
-- churned (who was active as it began) or came again. The year is the last for which that is over.
with

clock as (

    select cast(date_trunc('quarter', {{ local_date(as_of()) }} - interval 7 month) as date)
        as ends_on

),

windows as (

    select
        cast(ends_on - interval 1 year as date) as begins_on,
        ends_on,
        cast(ends_on + interval 1 month as date) as watched_from,
        cast(ends_on + interval 7 month as date) as watched_to
    from clock

),

seen as (

    select
        exposures.person_id,
        exposures.audience,
        exposures.family,
        exposures.journey,
        exposures.stage,
        windows.begins_on,
        windows.ends_on,
        windows.watched_from,
        windows.watched_to,
        bool_or(
            exposures.is_heard_triggered
            or exposures.is_heard_always_on
            or exposures.is_heard_unsolicited
        ) as is_heard
    from {{ ref('int_listening_exposures') }} as exposures
    cross join windows
    where
        exposures.period_start >= windows.begins_on
        and exposures.period_start < windows.ends_on
    group by all

),

active as (

    select * from {{ ref('int_persons__active') }}

),

orders as (

    select distinct
        deeds.person_id,
        deeds.family
    from {{ ref('int_deeds') }} as deeds
    cross join windows
    where
        deeds.record = 'order'
        and deeds.happened_on >= windows.watched_from
        and deeds.happened_on < windows.watched_to

),

final as (

    select
        seen.*,
        'churned' as outcome,
        at_the_end.person_id is null as did
    from seen
    inner join active as at_the_start
        on
            seen.person_id = at_the_start.person_id
            and seen.family = at_the_start.family
            and seen.watched_from = at_the_start.moment
    left join active as at_the_end
        on
            seen.person_id = at_the_end.person_id
            and seen.family = at_the_end.family
            and seen.watched_to = at_the_end.moment

    union all

    select
        seen.*,
        'came_again' as outcome,
        orders.person_id is not null as did
    from seen
    left join orders
        on
            seen.person_id = orders.person_id
            and seen.family = orders.family

)

select * from final
