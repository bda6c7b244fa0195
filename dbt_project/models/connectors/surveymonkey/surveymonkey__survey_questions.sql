-- Grain: a question of a declared survey, or the row of one that an answer is stored under.
with

questions as (

    select
        *,
        question_id as answer_key

    from {{ ref('stg_surveymonkey__survey_questions') }}

),

{{ survey_questions('surveymonkey') }}
