-- Grain: one promise of support that was broken: a ticket, its clock and turn, and when it ran out.
-- The end of its minutes, on the calendar or on the hours of its schedule.
with

missed as (

    select
        targets.ticket_id,
        targets.clock,
        targets.turn_number,
        targets.minutes_kind,
        targets.target_minutes,
        targets.started_at,
        case when targets.minutes_kind = 'business' then milestones.schedule end as schedule,
        {{ business_minutes_at('targets.started_at', 'start_day') }} + targets.target_minutes
            as runs_out_at_minute
    from {{ ref('int_ticket_targets') }} as targets
    inner join {{ ref('int_tickets__milestones') }} as milestones
        on targets.ticket_id = milestones.ticket_id
    left join {{ ref('int_business_days') }} as start_day
        on
            milestones.schedule = start_day.schedule
            and cast(targets.started_at as date) = start_day.utc_date
    where not targets.is_met

),

final as (

    select
        missed.ticket_id,
        missed.clock,
        missed.turn_number,
        case missed.minutes_kind
            when 'calendar'
                then missed.started_at + to_seconds(cast(missed.target_minutes * 60 as bigint))
            else {{ business_moment('missed.runs_out_at_minute', 'last_day') }}
        end as ran_out_at
    from missed
    left join {{ ref('int_business_days__by_minutes') }} as last_day
        on {{ runs_out_in('missed.schedule', 'missed.runs_out_at_minute', 'last_day') }}

)

select * from final
