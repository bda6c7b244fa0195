-- Grain: one question of a survey that the registry declares and somebody answered.
with

rated as (

    select survey_id as source_survey_id from {{ ref('stg_freshdesk__satisfaction_ratings') }}

),

{{ desk_questions('freshdesk') }}
