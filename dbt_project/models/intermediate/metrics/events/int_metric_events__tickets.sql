-- Grain: one ticket x what is counted or timed of it.
with

tickets as (

    select
        tickets.*,
        json_merge_patch(
            json_object('channel', tickets.channel, 'priority', tickets.priority),
            coalesce(tickets.attributes, '{}')
        ) as dimensions
    from {{ ref('int_tickets') }} as tickets
    where
        not coalesce(tickets.is_test, false)
        and not coalesce(tickets.is_deleted, false)

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
        clocks.ticket_id,
        'clock' as event,
        clocks.clock || '_calendar' as role,
        clocks.calendar_minutes as value,
        clocks.has_struck
    from {{ ref('int_tickets__clocks') }} as clocks

    union all by name

    select
        clocks.ticket_id,
        'clock' as event,
        clocks.clock || '_business' as role,
        clocks.business_minutes as value,
        clocks.has_struck
    from {{ ref('int_tickets__clocks') }} as clocks

),

final as (

    select
        ticket_values.event,
        ticket_values.role,
        ticket_values.role || ':' || tickets.ticket_id as event_id,
        tickets.source,
        tickets.audience,
        tickets.family,
        tickets.person_id,
        tickets.account_id,
        tickets.ticket_id as record_id,
        ticket_values.value,
        {{ local_date('tickets.created_at') }} as observed_on,
        tickets.snapshot_date,
        tickets.dimensions,
        ticket_values.has_struck
    from ticket_values
    inner join tickets on ticket_values.ticket_id = tickets.ticket_id

)

select * from final
