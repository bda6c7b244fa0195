-- Grain: one case x what is counted or timed of it.
-- The topic of its ticket is its cause: a label of a comment is none while its labeller is unmeasured.
with

cases as (

    select * from {{ ref('int_loop_cases') }}

),

counted as (

    -- Of everybody who is owed one: a contact in time to be one, or none yet.
    select
        case_id,
        'follow_up' as event,
        'contacted' as role,
        cast(told_at is not null as double) as value,
        detected_at as counted_at,
        cast(null as boolean) as has_struck
    from cases

    union all by name

    -- Due is what was closed, and what is late whether it is closed or not.
    select
        case_id,
        'follow_up' as event,
        'in_time' as role,
        cast(is_in_time as double) as value,
        detected_at as counted_at
    from cases
    where is_in_time is not null

    union all by name

    select
        case_id,
        'follow_up' as event,
        'reopened' as role,
        cast(reopened_at is not null as double) as value,
        told_at as counted_at
    from cases
    where told_at is not null

    union all by name

    select
        case_id,
        'clock' as event,
        'follow_up_calendar' as role,
        waited_minutes as value,
        detected_at as counted_at,
        told_at is not null as has_struck
    from cases

    union all by name

    select
        case_id,
        'clock' as event,
        'follow_up_business' as role,
        waited_minutes_business as value,
        detected_at as counted_at,
        told_at is not null as has_struck
    from cases

),

final as (

    select
        counted.event,
        counted.role,
        counted.role || ':' || counted.case_id as event_id,
        cases.source,
        cases.audience,
        cases.family,
        cases.person_id,
        cases.account_id,
        cases.case_id as record_id,
        counted.value,
        {{ local_date('counted.counted_at') }} as observed_on,
        json_object('rule', cases.rule, 'cause', cases.ticket_topic) as dimensions,
        counted.has_struck
    from counted
    inner join cases on counted.case_id = cases.case_id

)

select * from final
