-- Grain: a question of a declared survey, as its definition stands.
with

source as (

    select * from {{ source('qualtrics', 'survey_questions') }}

),

final as (

    select
        ---------- ids
        survey_id,
        question_id,

        ---------- facts
        question_text,
        question_type

    from source

)

select * from final
