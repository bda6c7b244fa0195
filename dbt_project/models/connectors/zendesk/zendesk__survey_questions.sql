-- Grain: the one question behind every rating, once there is a rating.
with

rated as (

    select 'satisfaction_rating' as source_survey_id
    from {{ ref('stg_zendesk__satisfaction_ratings') }}

),

{{ desk_questions('zendesk') }}
