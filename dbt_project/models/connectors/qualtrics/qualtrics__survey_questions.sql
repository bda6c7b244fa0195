-- Grain: a question, or the part of one that an answer is stored under.
with

questions as (

    select
        *,
        -- Answers to text questions are stored under the question's id and this ending.
        case
            when question_type = 'TE' then question_id || '_TEXT'
            else question_id
        end as answer_key

    from {{ ref('stg_qualtrics__survey_questions') }}

),

survey_items as (

    select * from {{ ref('survey_items') }}
    where source = 'qualtrics'

),

survey_instruments as (

    select distinct
        source_survey_id,
        instrument

    from survey_items

),

-- A matrix is asked once and answered under one key a row.
mapped as (

    select
        questions.survey_id,
        questions.question_text,
        survey_items.metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.question_key,
        survey_items.direction,
        coalesce(survey_items.source_question_id, questions.answer_key) as answer_key

    from questions

    left join survey_items
        on
            questions.survey_id = survey_items.source_survey_id
            and (
                questions.question_id = survey_items.source_question_id
                or starts_with(
                    survey_items.source_question_id, questions.question_id || '_'
                )
            )

),

final as (

    select
        ---------- ids
        'qualtrics' as source,
        mapped.survey_id || ':' || mapped.answer_key as source_record_id,
        'qualtrics:' || mapped.survey_id || ':' || mapped.answer_key as question_id,
        'qualtrics:' || mapped.survey_id as survey_id,
        survey_instruments.instrument,

        ---------- facts
        mapped.question_text,
        coalesce(mapped.metric_role, 'other') as metric_role,
        mapped.scale_min,
        mapped.scale_max,
        mapped.question_key,
        mapped.direction

    from mapped

    left join survey_instruments
        on mapped.survey_id = survey_instruments.source_survey_id

)

select * from final
