-- Grain: one trigger of a known adult: a response, a review, or a ticket with a broken promise.
-- What was said in confidence, by a minor or by nobody we know opens no case. A response with two
-- bad scores, or a ticket with two broken promises, is one trigger.
with

answers as (

    select
        'answer' as trigger,
        answers.response_id as occasion_id,
        answers.answer_id as record_id,
        answers.source,
        answers.person_id,
        answers.account_id,
        answers.family,
        answers.audience,
        answers.ticket_id,
        answers.instrument,
        answers.metric_role as role,
        answers.scale_min,
        answers.scale_max,
        answers.answer_value as score,
        -- A survey after a ticket is about the ticket's stage, any other about its own.
        coalesce(types.journey, instruments.journey) as journey,
        coalesce(types.stage, instruments.stage) as stage,
        answers.answered_at as detected_at
    from {{ ref('int_survey_answers__judged') }} as answers
    left join {{ ref('instruments') }} as instruments
        on answers.instrument = instruments.instrument
    left join {{ ref('tickets') }} as tickets on answers.ticket_id = tickets.ticket_id
    left join {{ ref('touchpoint_types') }} as types
        on tickets.touchpoint_type = types.touchpoint_type
    where
        answers.excluded_as is null
        and answers.confidentiality = 'identified'
        and coalesce(instruments.confidentiality, 'identified') = 'identified'
        and answers.answered_at is not null

),

reviews as (

    select
        'stars' as trigger,
        turns.turn_id as occasion_id,
        turns.turn_id as record_id,
        turns.source,
        turns.person_id,
        turns.account_id,
        turns.family,
        turns.audience,
        cast(null as varchar) as ticket_id,
        turns.instrument,
        cast(null as varchar) as role,
        1.0 as scale_min,
        turns.stars_max as scale_max,
        turns.stars as score,
        turns.journey,
        turns.stage,
        turns.occurred_at as detected_at
    from {{ ref('int_feedback_turns__as_lived') }} as turns
    where
        turns.feedback_kind = 'unsolicited'
        and not turns.is_protected
        and turns.stars is not null
        and turns.occurred_at is not null

),

broken as (

    select
        ticket_id,
        min(ran_out_at) as detected_at
    from {{ ref('int_tickets__broken_promises') }}
    group by ticket_id

),

promises as (

    select
        'promise' as trigger,
        tickets.ticket_id as occasion_id,
        tickets.ticket_id as record_id,
        tickets.source,
        tickets.person_id,
        tickets.account_id,
        tickets.family,
        tickets.audience,
        tickets.ticket_id,
        cast(null as varchar) as instrument,
        cast(null as varchar) as role,
        cast(null as double) as scale_min,
        cast(null as double) as scale_max,
        cast(null as double) as score,
        types.journey,
        types.stage,
        broken.detected_at
    from broken
    inner join {{ ref('int_tickets') }} as tickets on broken.ticket_id = tickets.ticket_id
    left join {{ ref('touchpoint_types') }} as types
        on tickets.touchpoint_type = types.touchpoint_type

),

triggers as (

    select * from answers
    union all by name
    select * from reviews
    union all by name
    select * from promises

),

rules as (

    select
        *,
        unnest(string_split(families, '|')) as family
    from {{ ref('case_rules') }}
    where trigger <> 'figure'

),

matched as (

    select
        triggers.*,
        rules.rule,
        rules.owner_role as named_owner,
        rules.schedule,
        rules.due_business_hours,
        rules.follow_up_days,
        row_number() over (
            partition by triggers.trigger, triggers.occasion_id
            order by
                (rules.audience is not null and rules.stage is not null) desc,
                (rules.audience is not null) desc,
                (rules.stage is not null) desc,
                rules.rule asc,
                triggers.detected_at asc,
                triggers.record_id asc
        ) as place
    from triggers
    inner join {{ ref('int_persons') }} as persons
        on
            triggers.person_id = persons.person_id
            and not persons.is_minor
            and not persons.is_deleted
            and not persons.is_test
    left join {{ ref('audiences') }} as audiences on triggers.audience = audiences.audience
    inner join rules
        on
            triggers.trigger = rules.trigger
            and triggers.family = rules.family
            and triggers.role is not distinct from rules.role
            and triggers.scale_min is not distinct from rules.scale_min
            and triggers.scale_max is not distinct from rules.scale_max
            and (rules.at_most is null or triggers.score <= rules.at_most)
            and (rules.audience is null or triggers.audience = rules.audience)
            and (
                rules.stage is null
                or (triggers.journey = rules.journey and triggers.stage = rules.stage)
            )
    where not coalesce(audiences.is_minor, false) and triggers.detected_at <= {{ as_of() }}

),

final as (

    select
        matched.trigger || ':' || matched.occasion_id as case_id,
        matched.* exclude (place, named_owner),
        coalesce(matched.named_owner, stages.owner_role, audiences.owner_role) as owner_role
    from matched
    left join {{ ref('journey_stages') }} as stages
        on
            matched.journey = stages.journey
            and matched.stage = stages.stage
    left join {{ ref('audiences') }} as audiences on matched.audience = audiences.audience
    where matched.place = 1

)

select * from final
