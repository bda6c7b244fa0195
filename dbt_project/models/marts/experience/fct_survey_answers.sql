-- Grain: one answer of an identified instrument; confidential ones never come this far.
with

answers as (

    select * from {{ ref('int_survey_answers__judged') }}
    where confidentiality = 'identified'

),

final as (

    select
        ---------- ids
        answers.answer_id,
        answers.response_id,
        answers.question_id,
        answers.question_key,
        answers.account_id,
        answers.person_id,
        answers.ticket_id,

        ---------- facts
        answers.instrument,
        answers.metric_role,
        answers.scale_min,
        answers.scale_max,
        answers.answer_value,
        answers.response_status,
        answers.excluded_as,
        answers.audience,
        answers.language,

        ---------- timestamps
        answers.answered_at

    from answers

)

select * from final
