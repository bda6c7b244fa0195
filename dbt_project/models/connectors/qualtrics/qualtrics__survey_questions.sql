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

{{ survey_questions('qualtrics') }}
