-- Grain: one promise that is due: a ticket x clock x turn whose target has been met or missed.
-- Met: the clock struck within it. Missed: more minutes have passed, whether it struck or still runs.
-- Neither: it runs and has time left, or the ticket ended in time without what was promised.
with

clocks as (

    select * from {{ ref('int_tickets__clocks_as_of') }}

),

targets as (

    select * from {{ ref('sla_targets') }}

),

candidates as (

    select
        clocks.ticket_id,
        clocks.clock,
        clocks.turn_number,
        clocks.started_at,
        clocks.priority,
        clocks.has_struck,
        targets.minutes_kind,
        targets.target_minutes,
        case targets.minutes_kind
            when 'calendar' then clocks.calendar_minutes
            else clocks.business_minutes
        end as passed_minutes,
        row_number() over (
            partition by clocks.ticket_id, clocks.clock, clocks.turn_number
            order by
                (targets.touchpoint_type is not null and targets.priority is not null) desc,
                (targets.touchpoint_type is not null) desc,
                (targets.priority is not null) desc,
                targets.valid_from desc
        ) as place
    from clocks
    inner join {{ ref('tickets') }} as tickets on clocks.ticket_id = tickets.ticket_id
    inner join targets
        on
            clocks.clock = targets.clock
            and (
                targets.touchpoint_type is null
                or tickets.touchpoint_type = targets.touchpoint_type
            )
            and (targets.priority is null or clocks.priority = targets.priority)
            and {{ local_date('clocks.started_at') }} >= targets.valid_from

),

final as (

    select
        ticket_id,
        clock,
        turn_number,
        started_at,
        priority,
        minutes_kind,
        target_minutes,
        passed_minutes,
        has_struck and passed_minutes <= target_minutes as is_met
    from candidates
    where
        place = 1
        and (has_struck or passed_minutes > target_minutes)
        and passed_minutes is not null
        and target_minutes is not null

)

select * from final
