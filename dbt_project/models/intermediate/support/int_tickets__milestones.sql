-- Grain: one ticket that counts, with its schedule, first public human reply and solutions.
-- What the source dates before the ticket's own creation is no milestone.
with

tickets as (

    select * from {{ ref('tickets') }}
    where
        not coalesce(is_test, false)
        and not coalesce(is_deleted, false)

),

story as (

    select * from {{ ref('int_tickets__story') }}

),

support_types as (

    select * from {{ ref('support_types') }}

),

reached as (

    select
        ticket_id,
        min(case when move = 'reply' then occurred_at end) as first_replied_at,
        min(case when move = 'status' and value = 'solved' then occurred_at end)
            as first_solved_at,
        max(case when move = 'status' and value = 'solved' then occurred_at end)
            as last_solved_at,
        max(case when move = 'status' and value = 'closed' then occurred_at end) as closed_at
    from story
    group by ticket_id

),

-- Only tickets whose source tells their story can be timed.
told as (

    select distinct events.ticket_id
    from {{ ref('ticket_events') }} as events

),

final as (

    select
        tickets.ticket_id,
        coalesce(support_types.schedule, 'default') as schedule,
        coalesce(tickets.status, 'open') in ('solved', 'closed') as is_over,
        tickets.created_at,
        reached.first_replied_at,
        case
            when reached.first_solved_at is not null then reached.first_solved_at
            when coalesce(tickets.status, 'open') not in ('solved', 'closed') then null
            when tickets.solved_at >= tickets.created_at then tickets.solved_at
        end as first_solved_at,
        case
            when coalesce(tickets.status, 'open') not in ('solved', 'closed') then null
            when reached.last_solved_at is not null then reached.last_solved_at
            when tickets.solved_at >= tickets.created_at then tickets.solved_at
        end as last_solved_at,
        case when tickets.status = 'closed' then reached.closed_at end as closed_at
    from tickets
    inner join told on tickets.ticket_id = told.ticket_id
    left join reached on tickets.ticket_id = reached.ticket_id
    left join support_types on tickets.touchpoint_type = support_types.touchpoint_type

)

select * from final
