-- Grain: one touchpoint x kind of friction of which there is a sign on it: how much, and since when.
-- A sign that came later than 30 days is none of this touchpoint's.
with

touchpoints as (

    select * from {{ ref('int_friction_touchpoints') }}

),

-- The tickets of a case in their order, each with the last channel known before it.
contacts as (

    select
        tickets.ticket_id,
        tickets.created_at,
        tickets.channel,
        row_number() over one_case - 1 as earlier_tickets,
        last_value(tickets.channel ignore nulls) over (
            partition by contacts.case_id
            order by tickets.created_at asc, tickets.ticket_id asc
            rows between unbounded preceding and 1 preceding
        ) as channel_before
    from {{ ref('int_tickets__contacts') }} as contacts
    inner join {{ ref('int_tickets') }} as tickets on contacts.ticket_id = tickets.ticket_id
    window one_case as (
        partition by contacts.case_id
        order by tickets.created_at asc, tickets.ticket_id asc
    )

),

ran_out as (

    select * from {{ ref('int_tickets__broken_promises') }}

),

-- Nobody waits for what is solved: where a promise runs out while it is, it is broken as it comes back.
late as (

    select
        ran_out.ticket_id,
        coalesce(
            min(greatest(open_stretches.opened_at, ran_out.ran_out_at)), any_value(ran_out.ran_out_at)
        ) as begun_at
    from ran_out
    left join {{ ref('int_tickets__open_stretches') }} as open_stretches
        on
            ran_out.ticket_id = open_stretches.ticket_id
            and ran_out.ran_out_at < coalesce(open_stretches.ended_at, {{ as_of() }})
    group by ran_out.ticket_id, ran_out.clock, ran_out.turn_number

),

signs as (

    select
        'repeat_contact' as kind,
        'ticket:' || ticket_id as touchpoint_key,
        earlier_tickets as signal,
        created_at as begun_at
    from contacts

    union all

    select
        'channel_switch' as kind,
        'ticket:' || ticket_id as touchpoint_key,
        case when channel <> channel_before then 1 else 0 end as signal,
        created_at as begun_at
    from contacts

    union all

    select
        'transfer' as kind,
        'ticket:' || ticket_id as touchpoint_key,
        1 as signal,
        occurred_at as begun_at
    from {{ ref('int_tickets__handovers') }}
    where is_transfer

    union all

    select
        'reopen' as kind,
        'ticket:' || ticket_id as touchpoint_key,
        1 as signal,
        occurred_at as begun_at
    from {{ ref('int_tickets__statuses') }}
    where
        status not in ('solved', 'closed')
        and status_before in ('solved', 'closed')

    union all

    select
        'over_target' as kind,
        'ticket:' || ticket_id as touchpoint_key,
        1 as signal,
        begun_at
    from late

    union all

    -- When it was paid back no contract tells.
    select
        'return' as kind,
        'order:' || order_id as touchpoint_key,
        1 as signal,
        cast(null as timestamp) as begun_at
    from {{ ref('int_orders') }}
    where status = 'refunded'

),

final as (

    select
        signs.touchpoint_key,
        signs.kind,
        cast(sum(signs.signal) as double) as signal,
        min(signs.begun_at) as begun_at
    from signs
    inner join touchpoints on signs.touchpoint_key = touchpoints.touchpoint_key
    where coalesce(signs.begun_at < touchpoints.window_ends_at, true)
    group by signs.touchpoint_key, signs.kind

)

select * from final
