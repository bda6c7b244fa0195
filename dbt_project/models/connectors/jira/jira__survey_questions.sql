-- Grain: the one question behind every rating, once there is a rating.
with

feedback as (

    select count(*) as rating_count from {{ ref('stg_jira__feedback') }}

),

survey_items as (

    select * from {{ ref('survey_items') }}
    where
        source = 'jira'
        and source_survey_id = 'request_feedback'
        and source_question_id = 'rating'

),

final as (

    select
        ---------- ids
        'jira' as source,
        survey_items.source_survey_id || ':' || survey_items.source_question_id
            as source_record_id,
        concat_ws(
            ':', 'jira', survey_items.source_survey_id, survey_items.source_question_id
        ) as question_id,
        'jira:' || survey_items.source_survey_id as survey_id,
        survey_items.instrument,

        ---------- facts
        -- The project words it; the API does not say how.
        null as question_text,
        survey_items.metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.question_key,
        survey_items.direction

    from survey_items

    inner join feedback
        on feedback.rating_count > 0

)

select * from final
