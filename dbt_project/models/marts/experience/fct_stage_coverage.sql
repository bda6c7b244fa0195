-- Grain: one audience x stage of its journey, with what is declared and what is evidenced there.
-- Evidence is of the last 365 days. What was promised confidentiality is evidence once at least the
-- audience's minimum group has answered.
with

audiences as (

    select * from {{ ref('audiences') }}

),

stages as (

    select * from {{ ref('journey_stages') }}

),

owner_roles as (

    select * from {{ ref('int_owner_roles') }}

),

instruments as (

    select
        journey,
        stage,
        bool_or(feedback_kind in ('triggered', 'always_on')) as has_asking,
        bool_or(feedback_kind = 'unsolicited') as has_listening
    from {{ ref('instruments') }}
    where stage is not null
    group by journey, stage

),

touchpoints as (

    select
        audience,
        journey,
        stage,
        count(*) as touchpoints
    from {{ ref('int_journey_touchpoints') }}
    where
        occurred_at > {{ as_of() }} - interval 365 day
        and occurred_at <= {{ as_of() }}
    group by audience, journey, stage

),

respondents as (

    select
        audience,
        journey,
        stage,
        feedback_kind,
        is_protected,
        count(distinct respondent_id) as respondents
    from {{ ref('int_journey_responses') }}
    where
        occurred_at > {{ as_of() }} - interval 365 day
        and occurred_at <= {{ as_of() }}
    group by audience, journey, stage, feedback_kind, is_protected

),

feedback as (

    select
        respondents.audience,
        respondents.journey,
        respondents.stage,
        bool_or(respondents.feedback_kind in ('triggered', 'always_on')) as has_asked,
        bool_or(respondents.feedback_kind = 'unsolicited') as has_unsolicited
    from respondents
    inner join audiences on respondents.audience = audiences.audience
    where
        not respondents.is_protected
        or respondents.respondents >= audiences.minimum_group
    group by respondents.audience, respondents.journey, respondents.stage

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
        coalesce(owner_roles.owner_status, 'none') as owner_status,

        ---------- declared
        stages.owner_role is not null as has_owner,
        stages.touchpoint_types is not null as has_expected_touchpoints,
        coalesce(instruments.has_asking, false) as has_asking_instrument,
        coalesce(instruments.has_listening, false) as has_listening_instrument,
        stages.target is not null as has_target,

        ---------- evidenced
        coalesce(owner_roles.owner_status = 'held', false) as has_held_owner,
        coalesce(touchpoints.touchpoints, 0) > 0 as has_touchpoints,
        coalesce(feedback.has_asked, false) as has_asked_feedback,
        coalesce(feedback.has_unsolicited, false) as has_unsolicited_feedback,

        ---------- when
        {{ local_date(as_of()) }} as as_of_date
    from audiences
    inner join stages on audiences.journey = stages.journey
    left join owner_roles on stages.owner_role = owner_roles.owner_role
    left join instruments
        on
            stages.journey = instruments.journey
            and stages.stage = instruments.stage
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
