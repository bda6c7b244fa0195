-- Grain: the one question behind every rating, once there is a rating.
with

ratings as (

    select count(*) as rating_count from {{ ref('stg_zendesk__satisfaction_ratings') }}

),

survey_items as (

    select * from {{ ref('survey_items') }}
    where source = 'zendesk' and source_survey_id = 'satisfaction_rating'

),

final as (

    select
        ---------- ids
        'zendesk' as source,
        survey_items.source_survey_id || ':' || survey_items.source_question_id
            as source_record_id,
        concat_ws(
            ':',
            'zendesk',
            survey_items.source_survey_id,
            survey_items.source_question_id
        ) as question_id,
        'zendesk:' || survey_items.source_survey_id as survey_id,
        survey_items.instrument,

        ---------- facts
        -- The account words it; the export does not say how.
        null as question_text,
        survey_items.metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.question_key,
        survey_items.direction

    from survey_items

    inner join ratings
        on ratings.rating_count > 0

)

select * from final
