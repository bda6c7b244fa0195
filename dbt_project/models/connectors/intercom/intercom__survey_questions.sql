-- Grain: the one question behind every rating, once there is a rating.
with

rated as (

    select 'conversation_rating' as source_survey_id
    from {{ ref('stg_intercom__conversations') }}
    where rating is not null

),

{{ desk_questions('intercom') }}
