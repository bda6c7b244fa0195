-- Grain: one question of a survey that the registry declares and somebody answered.
with

ratings as (

    select distinct survey_id from {{ ref('stg_freshdesk__satisfaction_ratings') }}

),

survey_items as (

    select * from {{ ref('survey_items') }}
    where source = 'freshdesk'

),

final as (

    select
        ---------- ids
        'freshdesk' as source,
        survey_items.source_survey_id || ':' || survey_items.source_question_id
            as source_record_id,
        concat_ws(
            ':',
            'freshdesk',
            survey_items.source_survey_id,
            survey_items.source_question_id
        ) as question_id,
        'freshdesk:' || survey_items.source_survey_id as survey_id,
        survey_items.instrument,

        ---------- facts
        -- The account words it; ratings do not say how.
        null as question_text,
        survey_items.metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.question_key,
        survey_items.direction

    from survey_items

    inner join ratings
        on survey_items.source_survey_id = ratings.survey_id

)

select * from final
