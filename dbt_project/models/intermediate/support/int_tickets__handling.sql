-- Grain: one ticket that counts and tells its story, with what was done about it.
with

milestones as (

    select * from {{ ref('int_tickets__milestones') }}

),

story as (

    select * from {{ ref('int_tickets__story') }}

),

statuses as (

    select * from {{ ref('int_tickets__statuses') }}

),

business_days as (

    select * from {{ ref('int_business_days') }}

),

replied as (

    select
        ticket_id,
        count(*) as replies
    from story
    where move = 'reply'
    group by ticket_id

),

transferred as (

    select
        ticket_id,
        count(*) as assignments,
        sum(case when is_transfer then 1 else 0 end) as transfers
    from {{ ref('int_tickets__handovers') }}
    group by ticket_id

),

reopened as (

    select
        statuses.ticket_id,
        count(*) as reopenings,
        min(case
            when statuses.occurred_at > milestones.first_solved_at then statuses.occurred_at
        end) as reopened_at
    from statuses
    inner join milestones on statuses.ticket_id = milestones.ticket_id
    where
        statuses.status not in ('solved', 'closed')
        and statuses.status_before in ('solved', 'closed')
    group by statuses.ticket_id

),

final as (

    select
        milestones.ticket_id,
        milestones.first_replied_at,
        milestones.first_solved_at,
        milestones.last_solved_at,
        coalesce(replied.replies, 0) as replies,
        coalesce(transferred.transfers, 0) as transfers,
        coalesce(transferred.assignments, 0) > 0
        or tickets.assignee_account_id is not null
        or tickets.team is not null as is_assigned,
        coalesce(reopened.reopenings, 0) as reopenings,
        coalesce(
            reopened.reopened_at <= milestones.first_solved_at + interval 7 day, false
        ) as is_reopened_within_7_days,
        contacts.ticket_id is not null as is_person_known,
        coalesce(
            contacts.next_created_at <= milestones.first_solved_at + interval 7 day, false
        ) as is_followed_within_7_days,
        {{ is_open_at('milestones.created_at', 'business_days') }} as is_in_hours,
        coalesce(tickets.is_merged, false) as is_merged
    from milestones
    inner join {{ ref('tickets') }} as tickets on milestones.ticket_id = tickets.ticket_id
    left join replied on milestones.ticket_id = replied.ticket_id
    left join transferred on milestones.ticket_id = transferred.ticket_id
    left join reopened on milestones.ticket_id = reopened.ticket_id
    left join {{ ref('int_tickets__contacts') }} as contacts
        on milestones.ticket_id = contacts.ticket_id
    left join business_days
        on
            milestones.schedule = business_days.schedule
            and cast(milestones.created_at as date) = business_days.utc_date

)

select * from final
