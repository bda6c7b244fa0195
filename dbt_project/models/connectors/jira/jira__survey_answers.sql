-- Grain: one request that was rated and is there.
with

feedback as (

    select * from {{ ref('stg_jira__feedback') }}

),

issues as (

    select * from {{ ref('stg_jira__issues') }}
    where deleted_reason is null

),

question as (

    select
        survey_items.source_survey_id,
        survey_items.source_question_id,
        survey_items.metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.direction,
        survey_items.question_key,
        instruments.instrument,
        instruments.confidentiality

    from {{ ref('survey_items') }} as survey_items

    inner join {{ ref('instruments') }} as instruments
        on survey_items.instrument = instruments.instrument

    where
        survey_items.source = 'jira'
        and survey_items.source_survey_id = 'request_feedback'
        and survey_items.source_question_id = 'rating'

),

final as (

    select
        ---------- ids
        'jira' as source,
        feedback.issue_id as source_record_id,
        concat_ws(':', 'jira', feedback.issue_id, question.source_question_id)
            as answer_id,
        'jira:' || feedback.issue_id as response_id,
        concat_ws(
            ':', 'jira', question.source_survey_id, question.source_question_id
        ) as question_id,
        case
            when question.confidentiality <> 'anonymous'
                then 'jira:' || issues.reporter_id
        end as account_id,
        question.instrument,
        case
            when question.confidentiality <> 'anonymous'
                then 'jira:' || feedback.issue_id
        end as ticket_id,

        ---------- facts
        question.metric_role,
        question.scale_min,
        question.scale_max,
        question.question_key,
        question.direction,
        question.confidentiality,
        feedback.rating as answer_value,
        case when list_contains(issues.labels, 'test') then 'test' else 'complete' end
            as response_status,
        null as language,
        null as wave,
        null as wave_opened_on,
        null as wave_closed_on,
        null as snapshot_date,
        null as audience,
        null as attributes,
        null as weight,

        ---------- timestamps
        feedback.rated_at as answered_at

    from feedback

    inner join issues
        on feedback.issue_id = issues.issue_id

    cross join question

)

select * from final
