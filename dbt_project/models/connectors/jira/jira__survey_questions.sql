-- Grain: the one question behind every rating, once there is a rating.
with

rated as (

    select 'request_feedback' as source_survey_id from {{ ref('stg_jira__feedback') }}

),

{{ desk_questions('jira') }}
