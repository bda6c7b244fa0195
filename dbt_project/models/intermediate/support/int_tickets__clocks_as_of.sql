-- Grain: one ticket x clock x turn, with the priority as it started, team and assignee as it stopped.
with

clocks as (

    select * from {{ ref('int_tickets__clocks') }}

),

attributes as (

    select
        ticket_id,
        attribute,
        value,
        coalesce(valid_from, timestamp '0001-01-01') as valid_from,
        coalesce(valid_to, timestamp '9999-12-31') as valid_to
    from {{ ref('int_tickets__attributes') }}

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
            and clocks.started_at >= priority.valid_from
            and clocks.started_at < priority.valid_to
    left join attributes as team
        on
            clocks.ticket_id = team.ticket_id
            and team.attribute = 'team'
            and clocks.stopped_at >= team.valid_from
            and clocks.stopped_at < team.valid_to
    left join attributes as assignee
        on
            clocks.ticket_id = assignee.ticket_id
            and assignee.attribute = 'assignee'
            and clocks.stopped_at >= assignee.valid_from
            and clocks.stopped_at < assignee.valid_to

)

select * from final
