-- Grain: one ticket x clock x turn, with who had it and how urgent it was at that time.
with

clocks as (

    select * from {{ ref('int_tickets__clocks_as_of') }}

),

tickets as (

    select * from {{ ref('int_tickets') }}

),

targets as (

    select * from {{ ref('int_ticket_targets') }}

),

final as (

    select
        ---------- ids
        clocks.ticket_id,
        clocks.clock,
        clocks.turn_number,
        tickets.source,
        tickets.person_id,
        clocks.assignee_account_id,

        ---------- facts
        tickets.audience,
        clocks.team,
        clocks.priority,
        clocks.has_struck,
        clocks.calendar_minutes,
        clocks.business_minutes,
        targets.minutes_kind as target_minutes_kind,
        targets.target_minutes,
        targets.is_met as is_target_met,

        ---------- timestamps
        clocks.started_at,
        clocks.stopped_at

    from clocks

    inner join tickets on clocks.ticket_id = tickets.ticket_id

    left join targets
        on
            clocks.ticket_id = targets.ticket_id
            and clocks.clock = targets.clock
            and clocks.turn_number = targets.turn_number

)

select * from final
