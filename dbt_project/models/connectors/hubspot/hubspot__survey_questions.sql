-- Grain: one survey x the score or the comment that it asks for.
with

surveys as (

    select distinct survey_name from {{ ref('stg_hubspot__feedback_submissions') }}
    where survey_name <> ''

),

asked as (

    select
        surveys.survey_name,
        properties.property
    from surveys
    cross join (values ('hs_value'), ('hs_content')) as properties (property)

),

survey_items as (

    select * from {{ ref('survey_items') }}
    where source = 'hubspot'

),

final as (

    select
        ---------- ids
        'hubspot' as source,
        asked.survey_name || ':' || asked.property as source_record_id,
        'hubspot:' || asked.survey_name || ':' || asked.property as question_id,
        'hubspot:' || asked.survey_name as survey_id,
        survey_items.instrument,

        ---------- facts
        -- A submission does not carry the wording.
        null as question_text,
        coalesce(survey_items.metric_role, 'other') as metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.question_key,
        survey_items.direction

    from asked

    left join survey_items
        on
            asked.survey_name = survey_items.source_survey_id
            and asked.property = survey_items.source_question_id

)

select * from final
