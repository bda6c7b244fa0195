-- Grain: a question of a declared survey, as it stood when the survey last changed.
with

source as (

    select * from {{ source('surveymonkey', 'survey_questions') }}

),

final as (

    select
        ---------- ids
        survey_id,
        question_id,

        ---------- facts
        question_text

    from source

)

select * from final
