-- Grain: one submission to a survey x the score or the comment in it.
-- One to a survey that nobody declared counts nowhere and is counted: who and what stay behind.
with

submissions as (

    select * from {{ ref('stg_hubspot__feedback_submissions') }}

),

survey_items as (

    {{ declared_items('hubspot') }}

),

told as (

    select
        submissions.*,
        properties.property
    from submissions
    cross join (values ('hs_value'), ('hs_content')) as properties (property)
    where
        (properties.property = 'hs_value' and submissions.value is not null)
        or (properties.property = 'hs_content' and submissions.content <> '')

),

final as (

    select
        ---------- ids
        'hubspot' as source,
        told.submission_id || ':' || told.property
            as source_record_id,
        concat_ws(
            ':', 'hubspot', told.submission_id, told.property
        ) as answer_id,
        'hubspot:' || told.submission_id as response_id,
        'hubspot:' || told.survey_name || ':' || told.property
            as question_id,
        case
            when survey_items.confidentiality <> 'anonymous'
                then 'hubspot:' || nullif(told.contact_id, '')
        end as account_id,
        survey_items.instrument,
        null as ticket_id,

        ---------- facts
        coalesce(survey_items.metric_role, 'other') as metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.question_key,
        survey_items.direction,
        survey_items.confidentiality,
        case
            when
                told.property = 'hs_value'
                and told.value
                between survey_items.scale_min and survey_items.scale_max
                then told.value
        end as answer_value,
        'complete' as response_status,
        null as language,
        null as wave,
        null as wave_opened_on,
        null as wave_closed_on,
        null as snapshot_date,
        null as audience,
        case
            when
                told.property = 'hs_value'
                and told.value
                not between survey_items.scale_min and survey_items.scale_max
                then cast(json_object('outside_scale', told.value) as varchar)
        end as attributes,
        null as weight,

        ---------- timestamps
        told.submitted_at as answered_at

    from told

    left join survey_items
        on
            told.survey_name = survey_items.source_survey_id
            and told.property = survey_items.source_question_id

)

select * from final
