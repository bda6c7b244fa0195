-- Grain: one event that moves a ticket that counts, not dated before the ticket's own creation.
-- What moves it: a reply (public, by a human of ours who is not the requester), a request (public,
-- by the requester or anybody of their side), a status, an assignee, a team. An internal note and
-- what a bot writes move nothing.
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

moves as (

    select
        events.ticket_id,
        events.ticket_event_id,
        events.occurred_at,
        events.value,
        events.previous_value,
        case
            when events.event_type in ('status', 'assignment', 'group') then events.event_type
            when events.event_type <> 'comment' or not coalesce(events.is_public, false)
                then null
            when
                events.actor_role = 'end_user'
                or events.actor_account_id = tickets.account_id
                then 'request'
            when events.actor_role = 'agent' then 'reply'
        end as move
    from events
    inner join tickets on events.ticket_id = tickets.ticket_id
    where events.occurred_at >= tickets.created_at

),

final as (

    select
        ticket_id,
        ticket_event_id,
        occurred_at,
        move,
        value,
        previous_value
    from moves
    where move is not null

)

select * from final
