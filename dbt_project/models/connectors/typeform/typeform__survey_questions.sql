-- Grain: a question of a declared form.
with

questions as (

    select
        *,
        question_id as answer_key

    from {{ ref('stg_typeform__form_fields') }}

),

{{ survey_questions('typeform') }}
