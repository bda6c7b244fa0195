-- Grain: one ticket that counts x instant at which its status was set, with the one before.
-- Of several in one instant the last holds. A solution of which only the ticket itself tells is one.
with

milestones as (

    select * from {{ ref('int_tickets__milestones') }}

),

told as (

    select
        ticket_id,
        occurred_at,
        ticket_event_id,
        value as status
    from {{ ref('int_tickets__story') }}
    where move = 'status' and value is not null

    union all

    -- Before any event of that instant.
    select
        milestones.ticket_id,
        milestones.last_solved_at as occurred_at,
        '' as ticket_event_id,
        'solved' as status
    from milestones
    where milestones.last_solved_at is not null

),

placed as (

    select
        *,
        row_number() over (
            partition by ticket_id, occurred_at order by ticket_event_id desc
        ) as place
    from told

),

final as (

    select
        ticket_id,
        occurred_at,
        status,
        lag(status) over (partition by ticket_id order by occurred_at asc) as status_before
    from placed
    where place = 1

)

select * from final
