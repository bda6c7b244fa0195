-- Grain: one thing of the last 365 days that the balance of a journey counts, in its phase.
-- What is lived or asked has the phase of its stage; a repeat order and the end of a membership arise
-- in the stage that the person was last seen in before, in a journey of that family.
with

clock as (

    select
        {{ as_of() }} - interval 365 day as begins_at,
        {{ as_of() }} as ends_at

),

tickets as (

    select
        tickets.*,
        stages.phase
    from {{ ref('int_tickets') }} as tickets
    left join {{ ref('touchpoint_types') }} as types
        on tickets.touchpoint_type = types.touchpoint_type
    left join {{ ref('journey_stages') }} as stages
        on
            types.journey = stages.journey
            and types.stage = stages.stage
    where
        not coalesce(tickets.is_test, false)
        and not coalesce(tickets.is_deleted, false)

),

touchpoints as (

    select
        'touchpoint' as measure,
        touchpoint_key as record_id,
        audience,
        phase,
        respondent_id,
        unit_cost as cost,
        occurred_at
    from {{ ref('int_journey_touchpoints') }}

),

-- What was asked under a promise is published by wave and nowhere else.
invitations as (

    select
        'invitation' as measure,
        invitations.invitation_id as record_id,
        invitations.audience,
        stages.phase,
        coalesce(invitations.person_id, invitations.account_id, invitations.invitation_id)
            as respondent_id,
        invitations.sent_at as occurred_at
    from {{ ref('int_survey_invitations') }} as invitations
    inner join {{ ref('instruments') }} as instruments
        on invitations.instrument = instruments.instrument
    left join {{ ref('journey_stages') }} as stages
        on
            instruments.journey = stages.journey
            and instruments.stage = stages.stage
    where invitations.status <> 'bounced' and instruments.confidentiality = 'identified'

),

responses as (

    select
        'response' as measure,
        feedback_id as record_id,
        audience,
        phase,
        respondent_id,
        occurred_at
    from {{ ref('int_journey_responses') }}
    where not is_protected

),

repeat_contacts as (

    select
        'repeat_contact' as measure,
        ticket_id as record_id,
        audience,
        phase,
        person_id as respondent_id,
        created_at as occurred_at
    from tickets
    where person_id is not null
    qualify
        created_at - interval 7 day < lag(created_at) over (
            partition by person_id
            order by created_at asc, ticket_id asc
        )

),

transfers as (

    select
        'transfer' as measure,
        events.ticket_event_id as record_id,
        tickets.audience,
        tickets.phase,
        coalesce(tickets.person_id, tickets.account_id, tickets.ticket_id) as respondent_id,
        events.occurred_at
    from {{ ref('ticket_events') }} as events
    inner join tickets on events.ticket_id = tickets.ticket_id
    where events.event_type = 'assignment' and events.value is not null
    qualify
        row_number() over (
            partition by events.ticket_id
            order by events.occurred_at asc, events.ticket_event_id asc
        ) > 1

),

orders as (

    select
        orders.*,
        stages.phase
    from {{ ref('int_orders') }} as orders
    left join {{ ref('touchpoint_types') }} as types
        on orders.order_kind = types.touchpoint_type
    left join {{ ref('journey_stages') }} as stages
        on
            types.journey = stages.journey
            and types.stage = stages.stage

),

returns as (

    select
        'return' as measure,
        order_id as record_id,
        audience,
        phase,
        coalesce(person_id, account_id, order_id) as respondent_id,
        ordered_at as occurred_at
    from orders
    where status = 'refunded'

),

turning_points as (

    select
        'repeat_order' as measure,
        order_id as record_id,
        audience,
        family,
        person_id,
        ordered_at as occurred_at
    from orders
    where status = 'paid' and person_id is not null
    qualify
        row_number() over (
            partition by person_id, order_kind
            order by ordered_at asc, order_id asc
        ) > 1

    union all

    select
        'ended_membership' as measure,
        concat_ws(':', memberships.person_id, memberships.audience, memberships.valid_to)
            as record_id,
        memberships.audience,
        audiences.family,
        memberships.person_id,
        memberships.valid_to as occurred_at
    from {{ ref('int_memberships') }} as memberships
    inner join {{ ref('audiences') }} as audiences
        on memberships.audience = audiences.audience
    where memberships.valid_to is not null

),

last_seen as (

    select
        turning_points.measure,
        turning_points.record_id,
        turning_points.audience,
        stays.phase,
        turning_points.person_id as respondent_id,
        turning_points.occurred_at
    from turning_points
    cross join clock
    left join {{ ref('journeys') }} as journeys
        on turning_points.family = journeys.family
    left join {{ ref('int_stage_stays') }} as stays
        on
            turning_points.person_id = stays.person_id
            and journeys.journey = stays.journey
            and turning_points.occurred_at > stays.entered_at
    where
        turning_points.occurred_at > clock.begins_at
        and turning_points.occurred_at <= clock.ends_at
    qualify
        row_number() over (
            partition by turning_points.measure, turning_points.record_id
            order by
                stays.entered_at desc nulls last, stays.step desc nulls last,
                stays.path_id asc nulls last
        ) = 1

),

counted as (

    select * from touchpoints
    union all by name
    select * from invitations
    union all by name
    select * from responses
    union all by name
    select * from repeat_contacts
    union all by name
    select * from transfers
    union all by name
    select * from returns
    union all by name
    select * from last_seen

),

final as (

    select
        counted.measure,
        counted.record_id,
        counted.audience,
        coalesce(counted.phase, 'unplaced') as phase,
        counted.respondent_id,
        counted.cost
    from counted
    cross join clock
    where
        counted.occurred_at > clock.begins_at
        and counted.occurred_at <= clock.ends_at

)

select * from final
