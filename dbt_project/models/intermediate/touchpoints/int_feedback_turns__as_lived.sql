-- Grain: one thing somebody said, without its text, as the one audience that it was said as, at the
-- stage to which its touchpoint type belongs. Protected ones too: they stop at int_.
with

feedback_turns as (

    select * from {{ ref('feedback_turns') }}

),

experiences as (

    select * from {{ ref('int_experiences') }}
    where experience_kind = 'turn'

),

instruments as (

    select * from {{ ref('instruments') }}

),

tickets as (

    select * from {{ ref('tickets') }}

),

touchpoint_types as (

    select * from {{ ref('touchpoint_types') }}

),

stages as (

    select * from {{ ref('journey_stages') }}

),

languages as (

    select * from {{ source('labels', 'turn_languages') }}

),

waves as (

    select
        response_id,
        max(wave_opened_on) as wave_opened_on,
        max(wave_closed_on) as wave_closed_on
    from {{ ref('survey_answers') }}
    where wave_opened_on is not null
    group by response_id

),

final as (

    select
        ---------- ids
        feedback_turns.turn_id,
        feedback_turns.source,
        experiences.account_id,
        experiences.person_id,
        feedback_turns.instrument,

        ---------- as whom, where
        experiences.family,
        experiences.audience,
        touchpoint_types.journey,
        touchpoint_types.stage,
        stages.intended_emotion,

        ---------- facts
        coalesce(feedback_turns.feedback_kind, instruments.feedback_kind, 'triggered')
            as feedback_kind,
        languages.language as written_in,
        feedback_turns.stars,
        feedback_turns.stars_max,
        -- What an unknown instrument promised is not known.
        feedback_turns.instrument is not null
        and coalesce(instruments.confidentiality, 'confidential') <> 'identified' as is_protected,

        ---------- timestamps
        feedback_turns.occurred_at,
        waves.wave_opened_on,
        waves.wave_closed_on

    from feedback_turns

    inner join experiences on feedback_turns.turn_id = experiences.experience_id

    left join instruments on feedback_turns.instrument = instruments.instrument

    left join tickets on feedback_turns.ticket_id = tickets.ticket_id

    left join touchpoint_types
        on
            coalesce(feedback_turns.touchpoint_type, tickets.touchpoint_type)
            = touchpoint_types.touchpoint_type

    left join stages
        on
            touchpoint_types.journey = stages.journey
            and touchpoint_types.stage = stages.stage

    left join languages on feedback_turns.turn_id = languages.turn_id

    left join waves on feedback_turns.response_id = waves.response_id

)

select * from final
