-- Grain: one ticket that counts, with its first public human reply and its last solution.
-- What the source dates before the ticket's own creation is no milestone.
with

tickets as (

    select * from {{ ref('tickets') }}
    where
        not coalesce(is_test, false)
        and not coalesce(is_deleted, false)

),

events as (

    select * from {{ ref('ticket_events') }}

),

replies as (

    select
        events.ticket_id,
        min(events.occurred_at) as first_replied_at
    from events
    inner join tickets on events.ticket_id = tickets.ticket_id
    where
        events.event_type = 'comment'
        and events.is_public
        and events.actor_role = 'agent'
        and events.actor_account_id is distinct from tickets.account_id
        and events.occurred_at >= tickets.created_at
    group by events.ticket_id

),

solutions as (

    select
        events.ticket_id,
        max(events.occurred_at) filter (where events.value = 'solved') as last_solved_at,
        max(events.occurred_at) filter (where events.value = 'closed') as closed_at
    from events
    inner join tickets on events.ticket_id = tickets.ticket_id
    where
        events.event_type = 'status'
        and events.occurred_at >= tickets.created_at
    group by events.ticket_id

),

-- Only tickets whose source tells their story can be timed.
told as (

    select distinct events.ticket_id
    from events

),

final as (

    select
        tickets.ticket_id,
        tickets.created_at,
        replies.first_replied_at,
        case
            when coalesce(tickets.status, 'open') not in ('solved', 'closed') then null
            when solutions.last_solved_at is not null then solutions.last_solved_at
            when tickets.solved_at >= tickets.created_at then tickets.solved_at
        end as last_solved_at,
        case when tickets.status = 'closed' then solutions.closed_at end as closed_at
    from tickets
    inner join told on tickets.ticket_id = told.ticket_id
    left join replies on tickets.ticket_id = replies.ticket_id
    left join solutions on tickets.ticket_id = solutions.ticket_id

)

select * from final
