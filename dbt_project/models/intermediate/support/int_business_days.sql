-- Grain: one schedule x UTC day, with its openings of that day and the business minutes before it.
-- Hours are said on the wall clock of the schedule's zone. Here they stand as moments, so that a
-- day on which the clocks change is as long as it was, and no ticket needs to know a zone: it is
-- joined by the date of its UTC timestamp.
with

hours as (

    select * from {{ ref('business_hours') }}

),

-- A schedule begins with its first hours: nothing can be timed before them.
schedules as (

    select
        schedules.schedule,
        coalesce(schedules.time_zone, '{{ var("time_zone") }}') as time_zone,
        min(hours.valid_from) as first_date
    from {{ ref('schedules') }} as schedules
    inner join hours on schedules.schedule = hours.schedule
    group by schedules.schedule, schedules.time_zone

),

numbers as (

    select unnest(range(
        date_diff(
            'day',
            (select min(schedules.first_date) from schedules),
            {{ local_date(as_of()) }}
        ) + 400
    )) as day_number

),

local_days as (

    select
        schedules.schedule,
        schedules.time_zone,
        schedules.first_date,
        cast(schedules.first_date + to_days(cast(numbers.day_number as integer)) as date)
            as local_date
    from schedules
    cross join numbers

),

-- The hours of a weekday change as a whole: all openings of the youngest version hold.
versions as (

    select
        local_days.schedule,
        local_days.local_date,
        max(hours.valid_from) as valid_from
    from local_days
    inner join hours
        on
            local_days.schedule = hours.schedule
            and isodow(local_days.local_date) = hours.weekday
            and local_days.local_date >= hours.valid_from
    group by local_days.schedule, local_days.local_date

),

openings as (

    select
        local_days.schedule,
        {{ utc_time(
            'local_days.local_date + to_minutes(hours.opens_minute)', 'local_days.time_zone'
        ) }} as opens_at,
        {{ utc_time(
            'local_days.local_date + to_minutes(hours.closes_minute)', 'local_days.time_zone'
        ) }} as closes_at
    from local_days
    inner join versions
        on
            local_days.schedule = versions.schedule
            and local_days.local_date = versions.local_date
    inner join hours
        on
            versions.schedule = hours.schedule
            and versions.valid_from = hours.valid_from
            and isodow(versions.local_date) = hours.weekday
    left join {{ ref('holidays') }} as holidays
        on
            local_days.schedule = holidays.schedule
            and local_days.local_date = holidays.holiday_date
    where hours.opens_minute is not null and holidays.holiday_date is null

),

-- What is open over a UTC midnight is cut there; 25 hours can touch three days.
touched as (

    select
        schedule,
        opens_at,
        closes_at,
        cast(opens_at as date) + cast(unnest(range(3)) as integer) as utc_date
    from openings

),

pieces as (

    select
        schedule,
        utc_date,
        greatest(opens_at, cast(utc_date as timestamp)) as opens_at,
        least(closes_at, cast(utc_date + 1 as timestamp)) as closes_at
    from touched
    where
        opens_at < cast(utc_date + 1 as timestamp)
        and closes_at > cast(utc_date as timestamp)

),

placed as (

    select
        *,
        row_number() over (partition by schedule, utc_date order by opens_at asc) as place
    from pieces

),

opened as (

    select
        schedule,
        utc_date,
        {%- for opening in range(1, openings_a_day() | int + 1) %}
            max(case when place = {{ opening }} then opens_at end) as opens_at_{{ opening }},
            max(case when place = {{ opening }} then closes_at end) as closes_at_{{ opening }},
        {%- endfor %}
        count(*) as openings,
        sum(date_diff('second', opens_at, closes_at)) / 60.0 as open_minutes
    from placed
    group by schedule, utc_date

),

utc_days as (

    select
        schedule,
        local_date as utc_date
    from local_days
    -- The first day is the first whole one.
    where cast(local_date as timestamp) >= {{ utc_time('first_date', 'time_zone') }}

),

final as (

    select
        utc_days.schedule,
        utc_days.utc_date,
        {%- for opening in range(1, openings_a_day() | int + 1) %}
            opened.opens_at_{{ opening }},
            opened.closes_at_{{ opening }},
        {%- endfor %}
        coalesce(opened.openings, 0) as openings,
        coalesce(opened.open_minutes, 0.0) as open_minutes,
        coalesce(sum(opened.open_minutes) over (
            partition by utc_days.schedule
            order by utc_days.utc_date asc
            rows between unbounded preceding and 1 preceding
        ), 0.0) as minutes_before
    from utc_days
    left join opened
        on
            utc_days.schedule = opened.schedule
            and utc_days.utc_date = opened.utc_date

)

select * from final
