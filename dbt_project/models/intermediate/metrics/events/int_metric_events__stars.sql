-- Grain: stars given with what somebody said, of five, x what is counted of them: the stars
-- themselves, and for each number of stars whether it is this one (a half counts as the whole below).
-- Another scale is another instrument and counts nowhere.
with

starred as (

    select * from {{ ref('int_feedback_turns__as_lived') }}
    where stars_max = 5 and stars between 1 and 5

),

numbers as (

    select unnest([1, 2, 3, 4, 5]) as number

),

counted as (

    select
        starred.*,
        'stars' as role,
        starred.stars as value
    from starred

    union all

    select
        starred.*,
        'stars_' || numbers.number as role,
        case when floor(starred.stars) = numbers.number then 1.0 else 0.0 end as value
    from starred
    cross join numbers

),

final as (

    select
        'stars' as event,
        counted.role,
        counted.role || ':' || counted.turn_id as event_id,
        counted.source,
        counted.audience,
        counted.family,
        counted.person_id,
        counted.account_id,
        'turn:' || counted.turn_id as record_id,
        counted.value,
        case when counted.role = 'stars' then 1.0 end as scale_min,
        case when counted.role = 'stars' then 5.0 end as scale_max,
        counted.feedback_kind,
        counted.is_protected,
        {{ local_date('counted.occurred_at') }} as observed_on,
        counted.wave_opened_on,
        counted.wave_closed_on,
        json_object('instrument', counted.instrument) as dimensions
    from counted

)

select * from final
