-- Grain: one audience x stage of its journey, with what is declared and what is evidenced there.
with

audiences as (

    select * from {{ ref('audiences') }}

),

stages as (

    select * from {{ ref('journey_stages') }}

),

touchpoints as (

    select
        audience,
        journey,
        stage,
        count(*) as touchpoints
    from {{ ref('fct_touchpoints') }}
    where occurred_at > {{ as_of() }} - interval 365 day
    group by audience, journey, stage

),

-- Feedback is placed where the ticket that it is about belongs.
placed as (

    select
        tickets.audience,
        types.journey,
        types.stage,
        turns.feedback_kind
    from {{ ref('fct_feedback_turns') }} as turns
    inner join {{ ref('fct_tickets') }} as tickets on turns.ticket_id = tickets.ticket_id
    inner join {{ ref('touchpoint_types') }} as types
        on tickets.touchpoint_type = types.touchpoint_type
    where turns.occurred_at > {{ as_of() }} - interval 365 day

    union all

    select
        tickets.audience,
        types.journey,
        types.stage,
        'triggered' as feedback_kind
    from {{ ref('fct_survey_answers') }} as answers
    inner join {{ ref('fct_tickets') }} as tickets on answers.ticket_id = tickets.ticket_id
    inner join {{ ref('touchpoint_types') }} as types
        on tickets.touchpoint_type = types.touchpoint_type
    where answers.answered_at > {{ as_of() }} - interval 365 day

),

feedback as (

    select
        audience,
        journey,
        stage,
        count(*) filter (where feedback_kind in ('triggered', 'always_on')) as asked,
        count(*) filter (where feedback_kind = 'unsolicited') as unsolicited
    from placed
    group by audience, journey, stage

),

final as (

    select
        audiences.audience,
        stages.journey,
        stages.stage,
        stages.stage_label,
        cast(stages.position as bigint) as position,
        stages.phase,
        stages.owner_role,
        stages.owner_role is not null as has_owner,
        stages.target is not null as has_target,
        coalesce(touchpoints.touchpoints, 0) > 0 as has_touchpoints,
        coalesce(feedback.asked, 0) > 0 as has_asked_feedback,
        coalesce(feedback.unsolicited, 0) > 0 as has_unsolicited_feedback
    from audiences
    inner join stages on audiences.journey = stages.journey
    left join touchpoints
        on
            audiences.audience = touchpoints.audience
            and stages.journey = touchpoints.journey
            and stages.stage = touchpoints.stage
    left join feedback
        on
            audiences.audience = feedback.audience
            and stages.journey = feedback.journey
            and stages.stage = feedback.stage

)

select * from final
