-- Grain: one ticket that counts, with all that its requester waited for us so far.
with

milestones as (

    select * from {{ ref('int_tickets__milestones') }}

),

clocks as (

    select * from {{ ref('int_tickets__clocks_as_of') }}

),

turns as (

    select
        ticket_id,
        sum(calendar_minutes) as calendar_minutes,
        -- Null where one of them is not known.
        case when count(*) = count(business_minutes) then sum(business_minutes) end
            as business_minutes
    from clocks
    where clock in ('turn', 'next_reply')
    group by ticket_id

),

final as (

    select
        milestones.ticket_id,
        milestones.created_at as started_at,
        first_response.priority,
        -- Nobody waited in a ticket that we opened ourselves and they did not answer.
        case when turns.ticket_id is null then 0.0 else turns.calendar_minutes end
            as calendar_minutes,
        case when turns.ticket_id is null then 0.0 else turns.business_minutes end
            as business_minutes,
        milestones.is_over as has_struck
    from milestones
    inner join clocks as first_response
        on
            milestones.ticket_id = first_response.ticket_id
            and first_response.clock = 'first_response'
    left join turns on milestones.ticket_id = turns.ticket_id

)

select * from final
