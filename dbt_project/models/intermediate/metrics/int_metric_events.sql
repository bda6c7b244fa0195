-- Grain: one event that a metric may count: an answer, invitation, ticket, order or record.
-- Values are as observed; what they count for is said by the registry of metrics.
with

instruments as (

    select * from {{ ref('instruments') }}

),

persons as (

    select * from {{ source('identity', 'persons') }}

),

units as (

    select * from {{ ref('int_employments__units_at_wave') }}

),

answers as (

    select
        'answer' as event,
        answers.metric_role as role,
        'answer:' || answers.answer_id as event_id,
        answers.source,
        answers.audience,
        answers.family,
        answers.person_id,
        answers.account_id,
        'response:' || answers.response_id as record_id,
        answers.answer_value as value,
        answers.weight,
        answers.scale_min,
        answers.scale_max,
        concat_ws(
            ':', answers.instrument, answers.question_id, answers.scale_min, answers.scale_max
        ) as scale_key,
        instruments.feedback_kind,
        -- What nobody declared to be identified is protected.
        coalesce(answers.confidentiality, 'confidential') <> 'identified' as is_protected,
        {{ local_date('answers.answered_at') }} as observed_on,
        answers.wave_opened_on,
        answers.wave_closed_on,
        answers.snapshot_date,
        -- What the record itself declares wins; a patch with null would take it away.
        json_merge_patch(
            json_object(
                'instrument', answers.instrument,
                'department', units.department,
                'country', persons.country
            ),
            coalesce(answers.attributes, '{}')
        ) as dimensions
    from {{ ref('int_survey_answers') }} as answers
    left join instruments on answers.instrument = instruments.instrument
    left join persons on answers.person_id = persons.person_id
    left join units
        on
            answers.person_id = units.person_id
            and answers.wave_opened_on = units.wave_opened_on
    where
        answers.response_status = 'complete'
        and answers.answer_value between answers.scale_min and answers.scale_max

),

invitations as (

    select
        'invitation' as event,
        'invitation' as role,
        'invitation:' || invitations.invitation_id as event_id,
        invitations.source,
        invitations.audience,
        invitations.family,
        invitations.person_id,
        invitations.account_id,
        'invitation:' || invitations.invitation_id as record_id,
        case when invitations.status = 'completed' then 1.0 else 0.0 end as value,
        coalesce(instruments.confidentiality, 'confidential') <> 'identified' as is_protected,
        {{ local_date('invitations.sent_at') }} as observed_on,
        invitations.wave_opened_on,
        invitations.wave_closed_on,
        json_object('instrument', invitations.instrument) as dimensions
    from {{ ref('int_survey_invitations') }} as invitations
    left join instruments on invitations.instrument = instruments.instrument
    where invitations.status <> 'bounced'

),

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

ticket_events as (

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

),

order_events as (

    select
        'order' as event,
        orders.order_kind as role,
        'order:' || orders.order_id as event_id,
        orders.source,
        orders.audience,
        orders.family,
        orders.person_id,
        orders.account_id,
        orders.order_id as record_id,
        1.0 as value,
        {{ local_date('orders.ordered_at') }} as observed_on,
        coalesce(orders.attributes, '{}') as dimensions
    from {{ ref('int_orders') }} as orders
    where orders.status = 'paid'

),

-- A snapshot says who had left by its date and nothing about when.
snapshot_records as (

    select
        'membership' as role,
        evidence.evidence_id as record_id,
        evidence.source,
        evidence.audience,
        evidence.account_id,
        evidence.is_ended,
        evidence.snapshot_date,
        coalesce(evidence.attributes, '{}') as dimensions
    from {{ ref('membership_evidence') }} as evidence
    where evidence.snapshot_date is not null and evidence.is_ended is not null

    union all

    select
        'employment' as role,
        employments.employment_id as record_id,
        employments.source,
        'employee' as audience,
        employments.account_id,
        employments.is_ended,
        employments.snapshot_date,
        json_merge_patch(
            json_object('department', employments.department),
            coalesce(employments.attributes, '{}')
        ) as dimensions
    from {{ ref('employments') }} as employments
    where employments.snapshot_date is not null and employments.is_ended is not null

),

snapshot_events as (

    select
        'snapshot' as event,
        records.role,
        records.role || ':' || records.record_id as event_id,
        records.source,
        records.audience,
        tree.family,
        account_persons.person_id,
        records.account_id,
        records.record_id,
        case when records.is_ended then 1.0 else 0.0 end as value,
        records.snapshot_date,
        records.dimensions
    from snapshot_records as records
    left join {{ source('identity', 'account_persons') }} as account_persons
        on records.account_id = account_persons.account_id
    inner join {{ ref('int_audiences__tree') }} as tree
        on records.audience = tree.audience

),

-- What a kind of record does not have is null.
events as (

    select * from answers
    union all by name
    select * from invitations
    union all by name
    select * from ticket_events
    union all by name
    select * from order_events
    union all by name
    select * from snapshot_events

),

final as (

    select
        event,
        role,
        event_id,
        source,
        audience,
        family,
        person_id,
        coalesce(person_id, account_id, record_id) as respondent_id,
        value,
        weight,
        scale_min,
        scale_max,
        coalesce(scale_key, role) as scale_key,
        coalesce(feedback_kind, 'triggered') as feedback_kind,
        coalesce(is_protected, false) as is_protected,
        observed_on,
        wave_opened_on,
        wave_closed_on,
        snapshot_date,
        dimensions,
        has_struck
    from events

)

select * from final
