-- Grain: one request that was rated and is there.
with

ratings as (

    select
        feedback.issue_id as rating_id,
        issues.reporter_id as requester_id,
        feedback.issue_id as ticket_id,
        'request_feedback' as source_survey_id,
        'rating' as source_question_id,
        feedback.rating as answer_value,
        list_contains(issues.labels, 'test') as is_test,
        feedback.rated_at as answered_at

    from {{ ref('stg_jira__feedback') }} as feedback

    inner join {{ ref('stg_jira__issues') }} as issues
        on feedback.issue_id = issues.issue_id

    where issues.deleted_reason is null

),

{{ desk_answers('jira') }}
