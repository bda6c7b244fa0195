-- Grain: one response to a survey or thing said, with the stage it is about.
-- What was asked or said about a ticket belongs where the ticket does, else where the instrument
-- is declared to ask. Nothing of what was answered is here.
with

answers as (

    select * from {{ ref('int_survey_answers') }}

),

turns as (

    select * from {{ ref('int_feedback_turns') }}

),

instruments as (

    select * from {{ ref('instruments') }}

),

tickets as (

    select
        tickets.ticket_id,
        tickets.audience,
        types.journey,
        types.stage
    from {{ ref('int_tickets') }} as tickets
    left join {{ ref('touchpoint_types') }} as types
        on tickets.touchpoint_type = types.touchpoint_type

),

responses as (

    select
        answers.response_id,
        any_value(answers.instrument) as instrument,
        any_value(answers.confidentiality) as confidentiality,
        any_value(answers.audience) as audience,
        any_value(answers.person_id) as person_id,
        any_value(answers.account_id) as account_id,
        any_value(answers.ticket_id) as ticket_id,
        max(answers.answered_at) as occurred_at
    from answers
    where answers.response_status in ('complete', 'partial')
    group by answers.response_id

),

heard as (

    select
        'response:' || responses.response_id as feedback_id,
        responses.audience,
        responses.person_id,
        responses.account_id,
        responses.instrument,
        responses.ticket_id,
        coalesce(instruments.feedback_kind, 'triggered') as feedback_kind,
        coalesce(responses.confidentiality, 'confidential') <> 'identified' as is_protected,
        responses.occurred_at
    from responses
    left join instruments on responses.instrument = instruments.instrument

    union all

    -- A comment in a response is heard with it.
    select
        'turn:' || turns.turn_id as feedback_id,
        tickets.audience,
        turns.person_id,
        turns.account_id,
        turns.instrument,
        turns.ticket_id,
        turns.feedback_kind,
        false as is_protected,
        turns.occurred_at
    from turns
    left join tickets on turns.ticket_id = tickets.ticket_id
    where turns.response_id is null or turns.response_id not in (
        select responses.response_id from responses
    )

),

final as (

    select
        heard.feedback_id,
        heard.audience,
        heard.person_id,
        coalesce(heard.person_id, heard.account_id, heard.feedback_id) as respondent_id,
        heard.feedback_kind,
        heard.is_protected,
        stages.journey,
        stages.stage,
        stages.phase,
        heard.occurred_at
    from heard
    left join instruments on heard.instrument = instruments.instrument
    left join tickets on heard.ticket_id = tickets.ticket_id
    left join {{ ref('journey_stages') }} as stages
        on
            coalesce(tickets.journey, instruments.journey) = stages.journey
            and case when tickets.journey is null then instruments.stage else tickets.stage end
            = stages.stage

)

select * from final
