-- Grain: a comment given with a rating, or what a requester wrote in a request.
with

issues as (

    select * from {{ ref('stg_jira__issues') }}
    where deleted_reason is null

),

users as (

    select * from {{ ref('stg_jira__users') }}

),

rating_comments as (

    select
        feedback.issue_id as source_record_id,
        'jira:rating:' || feedback.issue_id as turn_id,
        case
            when instruments.confidentiality <> 'anonymous' then issues.reporter_id
        end as person_id,
        'jira:' || feedback.issue_id as response_id,
        case
            when instruments.confidentiality <> 'anonymous' then feedback.issue_id
        end as issue_id,
        instruments.instrument,
        instruments.feedback_kind,
        feedback.body,
        feedback.rated_at as occurred_at

    from {{ ref('stg_jira__feedback') }} as feedback

    inner join issues
        on feedback.issue_id = issues.issue_id

    inner join {{ ref('survey_items') }} as survey_items
        on
            survey_items.source = 'jira'
            and survey_items.source_survey_id = 'request_feedback'
            and survey_items.source_question_id = 'rating'

    inner join {{ ref('instruments') }} as instruments
        on survey_items.instrument = instruments.instrument

),

-- What an agent typed in for somebody is the agent's wording.
openings as (

    select
        issue_id as source_record_id,
        'jira:request:' || issue_id as turn_id,
        reporter_id as person_id,
        null as response_id,
        issue_id,
        null as instrument,
        'unsolicited' as feedback_kind,
        body,
        created_at as occurred_at
    from issues
    where creator_id = reporter_id

),

replies as (

    select
        comments.comment_id as source_record_id,
        'jira:comment:' || comments.comment_id as turn_id,
        comments.author_id as person_id,
        null as response_id,
        comments.issue_id,
        null as instrument,
        'unsolicited' as feedback_kind,
        comments.body,
        comments.created_at as occurred_at

    from {{ ref('stg_jira__comments') }} as comments

    inner join issues
        on comments.issue_id = issues.issue_id

    left join users
        on comments.author_id = users.account_id

    where
        comments.deleted_reason is null
        and coalesce(comments.is_public, true)
        and (comments.author_id = issues.reporter_id or users.account_type = 'customer')

),

turns as (

    select * from rating_comments
    union all
    select * from openings
    union all
    select * from replies

),

final as (

    select
        ---------- ids
        'jira' as source,
        turns.source_record_id,
        turns.turn_id,
        'jira:' || turns.person_id as account_id,
        turns.response_id,
        'jira:' || turns.issue_id as ticket_id,
        turns.instrument,
        null as touchpoint_type,
        null as audience,

        ---------- facts
        turns.feedback_kind,
        turns.body,
        null as stars,
        null as stars_max,
        null as language,

        ---------- timestamps
        turns.occurred_at

    from turns

    left join users
        on turns.person_id = users.account_id

    where
        trim(turns.body) <> ''
        and coalesce(users.account_type, '') <> 'app'

)

select * from final
