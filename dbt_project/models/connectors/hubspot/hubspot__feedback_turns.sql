-- Grain: the comment of one submission.
with

submissions as (

    select * from {{ ref('stg_hubspot__feedback_submissions') }}
    where trim(content) <> ''

),

instruments as (

    select * from ({{ declared_items('hubspot') }})
    where source_question_id = 'hs_content'

),

final as (

    select
        ---------- ids
        'hubspot' as source,
        submissions.submission_id as source_record_id,
        'hubspot:' || submissions.submission_id as turn_id,
        case
            when instruments.confidentiality <> 'anonymous'
                then 'hubspot:' || nullif(submissions.contact_id, '')
        end as account_id,
        'hubspot:' || submissions.submission_id as response_id,
        null as ticket_id,
        instruments.instrument,
        null as touchpoint_type,
        null as audience,

        ---------- facts
        instruments.feedback_kind,
        submissions.content as body,
        null as stars,
        null as stars_max,
        null as language,

        ---------- timestamps
        submissions.submitted_at as occurred_at

    from submissions

    inner join instruments
        on submissions.survey_name = instruments.source_survey_id

)

select * from final
