-- Grain: one submission to a declared survey x the score or the comment in it.
with

submissions as (

    select * from {{ ref('stg_hubspot__feedback_submissions') }}

),

survey_items as (

    select
        survey_items.source_survey_id,
        survey_items.source_question_id,
        survey_items.metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        instruments.instrument,
        instruments.confidentiality

    from {{ ref('survey_items') }} as survey_items

    inner join {{ ref('instruments') }} as instruments
        on survey_items.instrument = instruments.instrument

    where survey_items.source = 'hubspot'

),

final as (

    select
        ---------- ids
        'hubspot' as source,
        submissions.submission_id || ':' || survey_items.source_question_id
            as source_record_id,
        concat_ws(
            ':', 'hubspot', submissions.submission_id, survey_items.source_question_id
        ) as answer_id,
        'hubspot:' || submissions.submission_id as response_id,
        'hubspot:' || submissions.survey_name || ':' || survey_items.source_question_id
            as question_id,
        case
            when survey_items.confidentiality <> 'anonymous'
                then 'hubspot:' || nullif(submissions.contact_id, '')
        end as account_id,
        survey_items.instrument,
        null as ticket_id,

        ---------- facts
        survey_items.metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.confidentiality,
        case
            when
                survey_items.source_question_id = 'hs_value'
                and submissions.value
                between survey_items.scale_min and survey_items.scale_max
                then submissions.value
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
                survey_items.source_question_id = 'hs_value'
                and submissions.value
                not between survey_items.scale_min and survey_items.scale_max
                then cast(json_object('outside_scale', submissions.value) as varchar)
        end as attributes,
        null as weight,

        ---------- timestamps
        submissions.submitted_at as answered_at

    from submissions

    inner join survey_items
        on submissions.survey_name = survey_items.source_survey_id

    where
        survey_items.source_question_id = 'hs_value' and submissions.value is not null
        or survey_items.source_question_id = 'hs_content' and submissions.content <> ''

)

select * from final
