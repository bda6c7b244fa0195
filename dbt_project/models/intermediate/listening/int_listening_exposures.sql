-- Grain: one person x audience x stage of a journey x quarter in which they lived a touchpoint there.
-- Heard is who said something about that stage from the touchpoint on and within 30 days, by kind of
-- feedback. Under a promise of confidentiality nobody is heard by name, so the workforce is not here.
with

touchpoints as (

    select
        *,
        cast(date_trunc('quarter', {{ local_date('occurred_at') }}) as date) as period_start
    from {{ ref('int_journey_touchpoints') }}
    where
        person_id is not null
        and stage is not null
        and family <> 'workforce'
        and occurred_at <= {{ as_of() }}

),

responses as (

    select * from {{ ref('int_journey_responses') }}
    where
        person_id is not null
        and stage is not null
        and not is_protected
        and occurred_at <= {{ as_of() }}

),

final as (

    select
        touchpoints.person_id,
        touchpoints.audience,
        touchpoints.family,
        touchpoints.journey,
        touchpoints.stage,
        touchpoints.period_start,
        coalesce(bool_or(responses.feedback_kind = 'triggered'), false) as is_heard_triggered,
        coalesce(bool_or(responses.feedback_kind = 'always_on'), false) as is_heard_always_on,
        coalesce(bool_or(responses.feedback_kind = 'unsolicited'), false)
            as is_heard_unsolicited
    from touchpoints
    left join responses
        on
            touchpoints.person_id = responses.person_id
            and touchpoints.journey = responses.journey
            and touchpoints.stage = responses.stage
            and touchpoints.occurred_at <= responses.occurred_at
            and touchpoints.occurred_at + interval 30 day > responses.occurred_at
    group by
        touchpoints.person_id, touchpoints.audience, touchpoints.family,
        touchpoints.journey, touchpoints.stage, touchpoints.period_start

)

select * from final
