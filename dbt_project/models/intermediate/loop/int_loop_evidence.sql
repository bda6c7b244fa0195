-- Grain: one case x state x instant at which a source shows that it had come so far.
-- Of the person any activity counts; of tickets the one that the case is about, and one that we opened
-- for the person since. Only what was begun and happened after the detection, while it is looked for.
with

cases as (

    select
        case_id,
        person_id,
        ticket_id,
        detected_at,
        least(
            detected_at + to_days(cast(follow_up_days as integer)), {{ as_of() }}
        ) as looked_until
    from {{ ref('int_loop_triggers') }}

),

activities as (

    select
        activities.activity_type,
        activities.occurred_at,
        activities.completed_at,
        account_persons.person_id
    from {{ ref('activities') }} as activities
    inner join {{ source('identity', 'account_persons') }} as account_persons
        on activities.account_id = account_persons.account_id

),

shown_of_persons as (

    select
        person_id,
        activity_type as kind,
        occurred_at as begun_at,
        occurred_at as shown_at
    from activities

    union all

    select
        person_id,
        activity_type || '_done' as kind,
        occurred_at as begun_at,
        completed_at as shown_at
    from activities

),

shown_of_tickets as (

    select
        ticket_id,
        case when move = 'status' then 'solved' else move end as kind,
        occurred_at as shown_at
    from {{ ref('int_tickets__story') }}
    where
        move = 'reply'
        or (move = 'assignment' and value is not null)
        or (move = 'status' and value = 'solved')

    union all

    select
        events.ticket_id,
        'note' as kind,
        events.occurred_at as shown_at
    from {{ ref('ticket_events') }} as events
    where
        events.event_type = 'comment'
        and not events.is_public
        and events.actor_role = 'agent'

),

-- A ticket is ours where an agent opened it who did not ask for themselves.
ours as (

    select distinct
        tickets.ticket_id,
        tickets.person_id,
        tickets.created_at
    from {{ ref('int_tickets') }} as tickets
    inner join {{ ref('ticket_events') }} as events
        on
            tickets.ticket_id = events.ticket_id
            and events.event_type = 'created'
            and events.actor_role = 'agent'
            and events.actor_account_id is distinct from tickets.account_id
    where
        not coalesce(tickets.is_test, false)
        and not coalesce(tickets.is_deleted, false)

),

tickets_of_cases as (

    select
        cases.*,
        cases.ticket_id as shown_on
    from cases
    where cases.ticket_id is not null

    union

    select
        cases.*,
        ours.ticket_id as shown_on
    from cases
    inner join ours
        on
            cases.person_id = ours.person_id
            and cases.detected_at <= ours.created_at

),

shown as (

    select
        cases.case_id,
        'activity' as record,
        activity.kind,
        activity.shown_at
    from cases
    inner join shown_of_persons as activity
        on
            cases.person_id = activity.person_id
            and cases.detected_at <= activity.begun_at
            and cases.detected_at <= activity.shown_at
            and cases.looked_until > activity.shown_at

    union all

    select
        cases.case_id,
        'ticket' as record,
        moved.kind,
        moved.shown_at
    from tickets_of_cases as cases
    inner join shown_of_tickets as moved
        on
            cases.shown_on = moved.ticket_id
            and cases.detected_at <= moved.shown_at
            and cases.looked_until > moved.shown_at

    union all

    -- Somebody has the ticket already.
    select
        cases.case_id,
        'ticket' as record,
        'assignment' as kind,
        cases.detected_at as shown_at
    from cases
    inner join {{ ref('int_tickets__attributes') }} as held
        on
            cases.ticket_id = held.ticket_id
            and held.attribute = 'assignee'
            and held.value is not null
            and cases.detected_at >= coalesce(held.valid_from, timestamp '0001-01-01')
            and cases.detected_at < coalesce(held.valid_to, timestamp '9999-12-31')

),

final as (

    select distinct
        shown.case_id,
        evidence.state,
        shown.shown_at
    from shown
    inner join {{ ref('case_evidence') }} as evidence
        on
            shown.record = evidence.record
            and shown.kind = evidence.kind

)

select * from final
