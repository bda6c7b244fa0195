-- Grain: one ticket x what is counted or timed of it.
with

clocks as (

    select * from {{ ref('int_tickets__clocks_as_of') }}

),

tickets as (

    select * from {{ ref('int_tickets') }}
    where
        not coalesce(is_test, false)
        and not coalesce(is_deleted, false)

),

waits as (

    select
        ticket_id,
        turn_number,
        clock,
        calendar_minutes,
        business_minutes,
        started_at,
        priority,
        has_struck
    from clocks
    where clock <> 'turn'

    union all

    -- All turns of ours together; known to the end once the ticket is over.
    select
        turns.ticket_id,
        0 as turn_number,
        'requester_wait' as clock,
        turns.calendar_minutes,
        turns.business_minutes,
        turns.started_at,
        turns.priority,
        turns.has_struck
    from {{ ref('int_tickets__requester_wait') }} as turns

),

ticket_values as (

    select
        tickets.ticket_id,
        'ticket' as event,
        'timely' as role,
        case when tickets.is_timely then 1.0 else 0.0 end as value
    from tickets
    where tickets.is_timely is not null

    union all by name

    select
        tickets.ticket_id,
        'ticket' as event,
        'forwarded' as role,
        date_diff('second', tickets.created_at, tickets.forwarded_at) / 86400.0 as value
    from tickets
    where tickets.forwarded_at is not null

    union all by name

    select
        ticket_id,
        turn_number,
        'clock' as event,
        clock as role,
        calendar_minutes,
        business_minutes,
        started_at,
        priority,
        has_struck
    from waits

),

placed as (

    select
        ticket_values.*,
        tickets.source,
        tickets.audience,
        tickets.family,
        tickets.person_id,
        tickets.account_id,
        {{ local_date('coalesce(ticket_values.started_at, tickets.created_at)') }}
            as observed_on,
        tickets.snapshot_date,
        -- A clock is cut by the priority that was set when it started.
        json_merge_patch(
            json_object(
                'channel', tickets.channel,
                'priority', case
                    when ticket_values.event = 'clock' then ticket_values.priority
                    else tickets.priority
                end
            ),
            coalesce(tickets.attributes, '{}')
        ) as dimensions
    from ticket_values
    inner join tickets on ticket_values.ticket_id = tickets.ticket_id

),

-- Joined last: a day is the same for both, and costs more than they do.
kinds as (

    select
        'clock' as event,
        unnest(['calendar', 'business']) as minutes_kind

),

final as (

    select
        placed.event,
        concat_ws('_', placed.role, kinds.minutes_kind) as role,
        concat_ws(
            ':',
            concat_ws('_', placed.role, kinds.minutes_kind),
            placed.ticket_id,
            nullif(placed.turn_number, 0)
        ) as event_id,
        placed.source,
        placed.audience,
        placed.family,
        placed.person_id,
        placed.account_id,
        placed.ticket_id as record_id,
        case kinds.minutes_kind
            when 'calendar' then placed.calendar_minutes
            when 'business' then placed.business_minutes
            else placed.value
        end as value,
        placed.observed_on,
        placed.snapshot_date,
        placed.dimensions,
        placed.has_struck
    from placed
    left join kinds on placed.event = kinds.event

)

select * from final
