-- Grain: one stretch in which a requester waits for us: one turn of ours.
-- It begins with the creation, with a request, or with a ticket that leaves a status in which it was
-- not our turn. It ends with our public human reply, or with such a status: pending (we wait for
-- them), solved, closed. On hold we wait for somebody else, and the requester goes on waiting for us.
-- In one instant the end wins: who answers and reopens, or asks and solves, waits for nothing.
with

milestones as (

    select * from {{ ref('int_tickets__milestones') }}

),

moments as (

    select
        ticket_id,
        created_at as occurred_at,
        'creation' as what
    from milestones

    union all

    select
        ticket_id,
        occurred_at,
        move as what
    from {{ ref('int_tickets__story') }}
    where move in ('reply', 'request')

    union all

    select
        ticket_id,
        occurred_at,
        case
            when status in ('pending', 'solved', 'closed') then 'stop'
            when status_before in ('pending', 'solved', 'closed') then 'return'
        end as what
    from {{ ref('int_tickets__statuses') }}

),

balls as (

    select
        ticket_id,
        occurred_at,
        -- What ends a turn first, then what begins one.
        min(case what
            when 'reply' then 1
            when 'stop' then 2
            when 'creation' then 3
            when 'request' then 4
            when 'return' then 5
        end) as foremost
    from moments
    where what is not null
    group by ticket_id, occurred_at

),

passed as (

    select
        *,
        lag(foremost <= 2) over (partition by ticket_id order by occurred_at asc) as was_theirs
    from balls

),

-- Where the ball changes sides: a second request does not begin a second wait.
changes as (

    select
        *,
        lead(occurred_at) over (partition by ticket_id order by occurred_at asc) as next_at,
        lead(foremost) over (partition by ticket_id order by occurred_at asc) as next_foremost
    from passed
    where was_theirs is null or was_theirs <> (foremost <= 2)

),

final as (

    select
        changes.ticket_id,
        row_number() over (
            partition by changes.ticket_id order by changes.occurred_at asc
        ) as turn_number,
        case changes.foremost when 3 then 'creation' when 4 then 'request' else 'return' end
            as started_by,
        case changes.next_foremost when 1 then 'reply' when 2 then 'status' end as stopped_by,
        changes.occurred_at as started_at,
        changes.next_at as stopped_at
    from changes
    where changes.foremost > 2

)

select * from final
