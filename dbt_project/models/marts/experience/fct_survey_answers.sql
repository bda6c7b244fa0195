-- Grain: one answer of an identified instrument; confidential ones never come this far.
with

answers as (

    select * from {{ ref('survey_answers') }}
    where confidentiality = 'identified'

),

experiences as (

    select * from {{ ref('int_experiences') }}
    where experience_kind = 'response'

),

final as (

    select
        ---------- ids
        answers.answer_id,
        answers.response_id,
        answers.question_id,
        answers.account_id,
        experiences.person_id,
        answers.ticket_id,

        ---------- facts
        answers.instrument,
        answers.metric_role,
        answers.scale_min,
        answers.scale_max,
        answers.answer_value,
        answers.response_status,
        experiences.audience,
        answers.language,

        ---------- timestamps
        answers.answered_at

    from answers

    left join experiences on answers.response_id = experiences.experience_id

)

select * from final
