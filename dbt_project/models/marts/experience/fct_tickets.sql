-- Grain: one ticket, deleted and test ones included and marked.
with

tickets as (

    select * from {{ ref('int_tickets') }}

),

milestones as (

    select * from {{ ref('int_tickets__milestones') }}

),

handling as (

    select * from {{ ref('int_tickets__handling') }}

),

requester_wait as (

    select * from {{ ref('int_tickets__requester_wait') }}

),

contacts as (

    select * from {{ ref('int_tickets__contacts') }}

),

clocks as (

    select
        ticket_id,
        max(case when clock = 'first_response' then priority end) as priority_at_creation,
        max(calendar_minutes) filter (where clock = 'first_resolution' and has_struck)
            as first_resolution_minutes,
        max(business_minutes) filter (where clock = 'first_resolution' and has_struck)
            as first_resolution_minutes_business,
        max(calendar_minutes) filter (where clock = 'first_response' and has_struck)
            as first_response_minutes,
        max(business_minutes) filter (where clock = 'first_response' and has_struck)
            as first_response_minutes_business,
        max(calendar_minutes) filter (where clock = 'resolution' and has_struck)
            as resolution_minutes,
        max(business_minutes) filter (where clock = 'resolution' and has_struck)
            as resolution_minutes_business
    from {{ ref('int_tickets__clocks_as_of') }}
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
        contacts.case_id,

        ---------- facts
        tickets.audience,
        tickets.touchpoint_type,
        tickets.channel,
        tickets.team,
        tickets.priority,
        clocks.priority_at_creation,
        tickets.status,
        tickets.topic,
        coalesce(tickets.is_test, false) as is_test,
        coalesce(tickets.is_deleted, false) as is_deleted,
        coalesce(tickets.is_merged, false) as is_merged,
        handling.is_in_hours,
        handling.replies,
        handling.transfers,
        handling.reopenings,
        clocks.first_response_minutes,
        clocks.first_response_minutes_business,
        clocks.resolution_minutes,
        clocks.resolution_minutes_business,
        clocks.first_resolution_minutes,
        clocks.first_resolution_minutes_business,
        requester_wait.calendar_minutes as requester_wait_minutes,
        requester_wait.business_minutes as requester_wait_minutes_business,

        ---------- timestamps
        tickets.created_at,
        milestones.first_replied_at,
        milestones.first_solved_at,
        milestones.last_solved_at

    from tickets

    left join milestones on tickets.ticket_id = milestones.ticket_id

    left join clocks on tickets.ticket_id = clocks.ticket_id

    left join requester_wait on tickets.ticket_id = requester_wait.ticket_id

    left join handling on tickets.ticket_id = handling.ticket_id

    left join contacts on tickets.ticket_id = contacts.ticket_id

)

select * from final
