-- Grain: one local calendar day of the default schedule, with the business minutes before it.
with

hours as (

    select * from {{ ref('business_hours') }}
    where schedule = 'default'

),

holidays as (

    select * from {{ ref('holidays') }}
    where schedule = 'default'

),

-- The calendar begins where the first schedule does: nothing can be timed before it.
days as (

    select cast(days.day as date) as local_date
    from (
        select unnest(generate_series(
            cast((select min(valid_from) from hours) as timestamp),
            {{ as_of() }} + interval 400 day,
            interval 1 day
        )) as day
    ) as days

),

-- The version of the hours that was in force on the day.
opened as (

    select
        days.local_date,
        hours.opens_minute,
        hours.closes_minute
    from days
    left join hours
        on
            isodow(days.local_date) = hours.weekday
            and days.local_date >= hours.valid_from
    left join holidays
        on days.local_date = holidays.holiday_date
    where holidays.holiday_date is null
    qualify
        row_number() over (
            partition by days.local_date order by hours.valid_from desc nulls last
        ) = 1

),

final as (

    select
        days.local_date,
        opened.opens_minute,
        coalesce(opened.closes_minute - opened.opens_minute, 0) as open_minutes,
        coalesce(sum(opened.closes_minute - opened.opens_minute) over (
            order by days.local_date
            rows between unbounded preceding and 1 preceding
        ), 0) as minutes_before
    from days
    left join opened on days.local_date = opened.local_date

)

select * from final
