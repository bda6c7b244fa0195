-- Grain: one thing somebody said under no promise of confidentiality, with the person behind it.
-- Its text is not here: labelling reads it, redacted, and no model does.
with

feedback_turns as (

    select * from {{ ref('feedback_turns') }}

),

instruments as (

    select * from {{ ref('instruments') }}

),

account_persons as (

    select * from {{ source('identity', 'account_persons') }}

),

redacted as (

    select
        turn_id,
        characters
    from {{ source('redacted', 'turns') }}

),

final as (

    select
        ---------- ids
        feedback_turns.turn_id,
        feedback_turns.source,
        feedback_turns.source_record_id,
        feedback_turns.account_id,
        account_persons.person_id,
        feedback_turns.response_id,
        feedback_turns.ticket_id,
        feedback_turns.instrument,
        feedback_turns.touchpoint_type,

        ---------- facts
        feedback_turns.audience,
        feedback_turns.feedback_kind,
        feedback_turns.stars,
        feedback_turns.stars_max,
        feedback_turns.language,
        redacted.characters,

        ---------- timestamps
        feedback_turns.occurred_at

    from feedback_turns

    left join instruments on feedback_turns.instrument = instruments.instrument

    left join redacted on feedback_turns.turn_id = redacted.turn_id

    left join account_persons on feedback_turns.account_id = account_persons.account_id

    -- What an unknown instrument promised is not known, so it does not come this far.
    where feedback_turns.instrument is null or instruments.confidentiality = 'identified'

)

select * from final
