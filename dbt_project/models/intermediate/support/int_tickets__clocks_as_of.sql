-- Grain: one ticket x clock x turn, with the priority as it started, team and assignee as it stopped.
with

clocks as (

    select * from {{ ref('int_tickets__clocks') }}

),

attributes as (

    select * from {{ ref('int_tickets__attributes') }}

),

final as (

    select
        clocks.ticket_id,
        clocks.clock,
        clocks.turn_number,
        clocks.has_struck,
        clocks.started_at,
        clocks.stopped_at,
        clocks.calendar_minutes,
        clocks.business_minutes,
        priority.value as priority,
        team.value as team,
        assignee.value as assignee_account_id
    from clocks
    left join attributes as priority
        on
            clocks.ticket_id = priority.ticket_id
            and priority.attribute = 'priority'
            and (priority.valid_from is null or clocks.started_at >= priority.valid_from)
            and (priority.valid_to is null or clocks.started_at < priority.valid_to)
    left join attributes as team
        on
            clocks.ticket_id = team.ticket_id
            and team.attribute = 'team'
            and (team.valid_from is null or clocks.stopped_at >= team.valid_from)
            and (team.valid_to is null or clocks.stopped_at < team.valid_to)
    left join attributes as assignee
        on
            clocks.ticket_id = assignee.ticket_id
            and assignee.attribute = 'assignee'
            and (assignee.valid_from is null or clocks.stopped_at >= assignee.valid_from)
            and (assignee.valid_to is null or clocks.stopped_at < assignee.valid_to)

)

select * from final
