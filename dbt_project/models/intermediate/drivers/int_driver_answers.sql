-- Grain: one identified answer (NPS or CSAT) of a known adult, with what was known before it.
-- Nothing that happened after the answer enters a driver: a state that a source only tells as it
-- is now (priority, refunds) is none. The answer is the value on its scale and not its class.
with

answers as (

    select
        answers.answer_id,
        metrics.metric,
        answers.audience,
        answers.person_id,
        answers.ticket_id,
        answers.answered_at,
        answers.answer_value
    from {{ ref('int_survey_answers') }} as answers
    inner join {{ ref('metrics') }} as metrics
        on
            answers.metric_role = metrics.role
            and answers.scale_min = metrics.scale_min
            and answers.scale_max = metrics.scale_max
            and metrics.metric in ('nps', 'csat')
            and list_contains(string_split(metrics.families, '|'), answers.family)
    inner join {{ ref('instruments') }} as instruments
        on
            answers.instrument = instruments.instrument
            and instruments.feedback_kind = 'triggered'
    inner join {{ ref('audiences') }} as audiences
        on
            answers.audience = audiences.audience
            and not audiences.is_minor
            and audiences.family <> 'workforce'
    inner join {{ ref('int_persons') }} as persons
        on
            answers.person_id = persons.person_id
            and not persons.is_minor
    where
        answers.confidentiality = 'identified'
        and answers.response_status = 'complete'
        and answers.answer_value between answers.scale_min and answers.scale_max
        and answers.answered_at is not null

),

tickets as (

    select
        tickets.ticket_id,
        tickets.person_id,
        tickets.channel,
        milestones.created_at,
        milestones.first_replied_at
    from {{ ref('int_tickets') }} as tickets
    inner join {{ ref('int_tickets__milestones') }} as milestones
        on tickets.ticket_id = milestones.ticket_id

),

ticket_events as (

    select * from {{ ref('ticket_events') }}

),

own_ticket as (

    select
        answers.answer_id,
        tickets.channel,
        date_diff('second', tickets.created_at, case
            when tickets.first_replied_at < answers.answered_at then tickets.first_replied_at
        end) / 60.0 as first_response_minutes
    from answers
    inner join tickets
        on
            answers.ticket_id = tickets.ticket_id
            and answers.answered_at > tickets.created_at

),

-- The story of the ticket up to the answer.
told as (

    select
        answers.answer_id,
        tickets.created_at,
        events.event_type,
        events.value,
        events.previous_value,
        events.occurred_at,
        events.event_type = 'comment' and events.is_public and events.actor_role = 'agent'
            as is_reply,
        events.event_type = 'status' and events.value = 'solved' as is_solution,
        min(case
            when events.event_type = 'status' and events.value = 'solved'
                then events.occurred_at
        end) over (partition by answers.answer_id) as first_solved_at
    from answers
    inner join tickets on answers.ticket_id = tickets.ticket_id
    inner join ticket_events as events
        on
            tickets.ticket_id = events.ticket_id
            and tickets.created_at <= events.occurred_at
            and answers.answered_at > events.occurred_at

),

stories as (

    select
        answer_id,
        date_diff(
            'second', min(created_at), max(occurred_at) filter (where is_solution)
        ) / 60.0 as solving_minutes,
        count(*) filter (where is_reply) as agent_replies,
        count(*) filter (where event_type = 'assignment' and previous_value <> value)
            as transfers,
        max(case
            when
                event_type = 'status'
                and value not in ('solved', 'closed')
                and occurred_at > first_solved_at
                then cast(1 as double)
            else cast(0 as double)
        end) as is_reopened
    from told
    group by answer_id

),

recent_tickets as (

    select
        answers.answer_id,
        tickets.ticket_id,
        coalesce(tickets.ticket_id = answers.ticket_id, false) as is_own,
        date_diff('second', tickets.created_at, case
            when tickets.first_replied_at < answers.answered_at then tickets.first_replied_at
        end) / 60.0 as response_minutes
    from answers
    inner join tickets
        on
            answers.person_id = tickets.person_id
            and answers.answered_at > tickets.created_at
            and answers.answered_at - interval 90 day <= tickets.created_at

),

solved_before as (

    select distinct
        recent_tickets.answer_id,
        recent_tickets.ticket_id
    from recent_tickets
    inner join answers on recent_tickets.answer_id = answers.answer_id
    inner join ticket_events as events
        on
            recent_tickets.ticket_id = events.ticket_id
            and events.event_type = 'status'
            and events.value = 'solved'
            and answers.answered_at > events.occurred_at

),

contacts as (

    select
        recent_tickets.answer_id,
        count(*) as tickets_90_days,
        count(*) filter (where not recent_tickets.is_own) as other_tickets_90_days,
        count(*) filter (where solved_before.ticket_id is null) as unsolved_tickets_90_days,
        max(recent_tickets.response_minutes) as slowest_response_minutes_90_days
    from recent_tickets
    left join solved_before
        on
            recent_tickets.answer_id = solved_before.answer_id
            and recent_tickets.ticket_id = solved_before.ticket_id
    group by recent_tickets.answer_id

),

bought as (

    select
        answers.answer_id,
        count(*) as orders_90_days
    from answers
    inner join {{ ref('int_orders') }} as orders
        on
            answers.person_id = orders.person_id
            and answers.answered_at > orders.ordered_at
            and answers.answered_at - interval 90 day <= orders.ordered_at
    group by answers.answer_id

),

tenures as (

    select
        answers.answer_id,
        max(date_diff('day', memberships.valid_from, answers.answered_at)) as tenure_days
    from answers
    inner join {{ ref('int_memberships') }} as memberships
        on
            answers.person_id = memberships.person_id
            and answers.audience = memberships.audience
            and answers.answered_at >= memberships.valid_from
            and (
                memberships.valid_to is null
                or answers.answered_at < memberships.valid_to
            )
    group by answers.answer_id

),

final as (

    select
        ---------- keys
        answers.answer_id,
        answers.metric,
        answers.audience,
        answers.person_id,
        {{ local_date('answers.answered_at') }} as answered_on,
        answers.answer_value,

        ---------- of the ticket that it is about; null where it is about none
        own_ticket.first_response_minutes,
        stories.solving_minutes,
        cast(stories.agent_replies as double) as agent_replies,
        cast(stories.transfers as double) as transfers,
        stories.is_reopened,
        own_ticket.channel,

        ---------- of the person
        cast(coalesce(contacts.other_tickets_90_days, 0) as double) as other_tickets_90_days,
        cast(coalesce(contacts.tickets_90_days, 0) as double) as tickets_90_days,
        cast(coalesce(contacts.unsolved_tickets_90_days, 0) as double)
            as unsolved_tickets_90_days,
        contacts.slowest_response_minutes_90_days,
        cast(coalesce(bought.orders_90_days, 0) as double) as orders_90_days,
        cast(tenures.tenure_days as double) as tenure_days

    from answers
    left join own_ticket on answers.answer_id = own_ticket.answer_id
    left join stories on answers.answer_id = stories.answer_id
    left join contacts on answers.answer_id = contacts.answer_id
    left join bought on answers.answer_id = bought.answer_id
    left join tenures on answers.answer_id = tenures.answer_id

)

select * from final
