-- Grain: one thing a person lived or was asked about, of whatever kind, as one audience.
-- The instrument, touchpoint type or journey names the family; within it the deepest audience with a
-- membership valid at that instant, ties by rank; else 'unassigned' (domain: touchpoint).
with

account_persons as (

    select * from {{ source('identity', 'account_persons') }}

),

touchpoint_types as (

    select * from {{ ref('touchpoint_types') }}

),

tree as (

    select * from {{ ref('int_audiences__tree') }}

),

memberships as (

    select * from {{ ref('int_memberships') }}

),

lived as (

    select
        'touchpoint' as experience_kind,
        touchpoints.touchpoint_id as experience_id,
        touchpoints.account_id,
        touchpoint_types.family,
        cast(null as varchar) as declared_audience,
        touchpoints.occurred_at
    from {{ ref('touchpoints') }} as touchpoints
    left join touchpoint_types
        on touchpoints.touchpoint_type = touchpoint_types.touchpoint_type

    union all

    select
        'ticket' as experience_kind,
        tickets.ticket_id as experience_id,
        tickets.account_id,
        touchpoint_types.family,
        tickets.audience as declared_audience,
        tickets.created_at as occurred_at
    from {{ ref('tickets') }} as tickets
    left join touchpoint_types
        on tickets.touchpoint_type = touchpoint_types.touchpoint_type

    union all

    select
        'order' as experience_kind,
        orders.order_id as experience_id,
        orders.account_id,
        touchpoint_types.family,
        orders.audience as declared_audience,
        orders.ordered_at as occurred_at
    from {{ ref('orders') }} as orders
    left join touchpoint_types
        on orders.order_kind = touchpoint_types.touchpoint_type

    union all

    select
        'stage' as experience_kind,
        stage_events.stage_event_id as experience_id,
        stage_events.account_id,
        journeys.family,
        stage_events.audience as declared_audience,
        stage_events.entered_at as occurred_at
    from {{ ref('stage_events') }} as stage_events
    left join {{ ref('journeys') }} as journeys
        on stage_events.journey = journeys.journey

    union all

    select
        'response' as experience_kind,
        answers.response_id as experience_id,
        -- An anonymous answer is joined to nobody, whatever the source sent with it.
        max(answers.account_id) filter (where answers.confidentiality <> 'anonymous')
            as account_id,
        max(instruments.family) as family,
        coalesce(max(answers.audience), max(anonymous.audience)) as declared_audience,
        max(answers.answered_at) as occurred_at
    from {{ ref('survey_answers') }} as answers
    left join {{ ref('instruments') }} as instruments
        on answers.instrument = instruments.instrument
    left join {{ ref('int_instruments__anonymous_audience') }} as anonymous
        on answers.instrument = anonymous.instrument
    group by answers.response_id

    union all

    select
        'invitation' as experience_kind,
        invitations.invitation_id as experience_id,
        case when instruments.confidentiality <> 'anonymous' then invitations.account_id end
            as account_id,
        instruments.family,
        anonymous.audience as declared_audience,
        coalesce(invitations.sampled_at, invitations.sent_at) as occurred_at
    from {{ ref('survey_invitations') }} as invitations
    left join {{ ref('instruments') }} as instruments
        on invitations.instrument = instruments.instrument
    left join {{ ref('int_instruments__anonymous_audience') }} as anonymous
        on invitations.instrument = anonymous.instrument

    union all

    select
        'turn' as experience_kind,
        turns.turn_id as experience_id,
        case
            when coalesce(instruments.confidentiality, 'identified') <> 'anonymous'
                then turns.account_id
        end as account_id,
        coalesce(instruments.family, touchpoint_types.family) as family,
        coalesce(turns.audience, tickets.audience, anonymous.audience) as declared_audience,
        turns.occurred_at
    from {{ ref('feedback_turns') }} as turns
    left join {{ ref('tickets') }} as tickets on turns.ticket_id = tickets.ticket_id
    left join {{ ref('instruments') }} as instruments
        on turns.instrument = instruments.instrument
    left join {{ ref('int_instruments__anonymous_audience') }} as anonymous
        on turns.instrument = anonymous.instrument
    left join touchpoint_types
        on
            coalesce(turns.touchpoint_type, tickets.touchpoint_type)
            = touchpoint_types.touchpoint_type

),

identified as (

    select
        lived.*,
        account_persons.person_id
    from lived
    left join account_persons
        on lived.account_id = account_persons.account_id

),

-- Whoever stands in one audience of a family needs no comparison of depths.
standing as (

    select
        memberships.person_id,
        tree.family,
        memberships.audience,
        memberships.valid_from,
        memberships.valid_to,
        tree.depth,
        tree.rank,
        count(*) over (partition by memberships.person_id, tree.family) as in_family
    from memberships
    inner join tree on memberships.audience = tree.audience

),

stood as (

    select
        identified.experience_kind,
        identified.experience_id,
        standing.audience,
        standing.depth,
        standing.rank,
        standing.in_family
    from identified
    inner join standing
        on
            identified.person_id = standing.person_id
            and identified.family = standing.family
            and (
                standing.valid_from is null
                or identified.occurred_at >= standing.valid_from
            )
            and (
                standing.valid_to is null
                or identified.occurred_at < standing.valid_to
            )

),

candidates as (

    select
        experience_kind,
        experience_id,
        audience
    from stood
    where in_family = 1

    union all

    select
        experience_kind,
        experience_id,
        audience
    from stood
    where in_family > 1
    qualify
        row_number() over (
            partition by experience_kind, experience_id
            order by depth desc, rank asc nulls last, audience asc
        ) = 1

),

final as (

    select
        identified.experience_kind,
        identified.experience_id,
        identified.account_id,
        identified.person_id,
        coalesce(declared.family, identified.family) as family,
        coalesce(identified.declared_audience, candidates.audience, 'unassigned') as audience,
        identified.occurred_at
    from identified
    left join candidates
        on
            identified.experience_kind = candidates.experience_kind
            and identified.experience_id = candidates.experience_id
    left join tree as declared
        on identified.declared_audience = declared.audience

)

select * from final
