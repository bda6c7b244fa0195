-- Grain: one ticket, deleted and test ones included and marked.
with

tickets as (

    select * from {{ ref('int_tickets') }}

),

milestones as (

    select * from {{ ref('int_tickets__milestones') }}

),

clocks as (

    select
        ticket_id,
        max(calendar_minutes) filter (where clock = 'first_response' and has_struck)
            as first_response_minutes,
        max(business_minutes) filter (where clock = 'first_response' and has_struck)
            as first_response_minutes_business,
        max(calendar_minutes) filter (where clock = 'resolution' and has_struck)
            as resolution_minutes,
        max(business_minutes) filter (where clock = 'resolution' and has_struck)
            as resolution_minutes_business
    from {{ ref('int_tickets__clocks') }}
    group by ticket_id

),

final as (

    select
        ---------- ids
        tickets.ticket_id,
        tickets.source,
        tickets.account_id,
        tickets.person_id,
        tickets.assignee_account_id,
        tickets.organisation_id as organisation_account_id,

        ---------- facts
        tickets.audience,
        tickets.touchpoint_type,
        tickets.channel,
        tickets.priority,
        tickets.status,
        tickets.topic,
        coalesce(tickets.is_test, false) as is_test,
        coalesce(tickets.is_deleted, false) as is_deleted,
        clocks.first_response_minutes,
        clocks.first_response_minutes_business,
        clocks.resolution_minutes,
        clocks.resolution_minutes_business,

        ---------- timestamps
        tickets.created_at,
        milestones.first_replied_at,
        milestones.last_solved_at

    from tickets

    left join milestones on tickets.ticket_id = milestones.ticket_id

    left join clocks on tickets.ticket_id = clocks.ticket_id

)

select * from final
