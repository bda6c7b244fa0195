-- Grain: a comment given with a rating, or what a requester wrote in a ticket.
with

users as (

    select * from {{ ref('stg_zendesk__users') }}

),

rating_comments as (

    select
        ratings.rating_id as source_record_id,
        'zendesk:rating:' || ratings.rating_id as turn_id,
        case
            when instruments.confidentiality <> 'anonymous'
                then 'zendesk:' || ratings.requester_id
        end as account_id,
        'zendesk:' || ratings.rating_id as response_id,
        case
            when instruments.confidentiality <> 'anonymous' then ratings.ticket_id
        end as ticket_id,
        instruments.instrument,
        instruments.feedback_kind,
        ratings.comment as body,
        ratings.updated_at as occurred_at

    from {{ ref('stg_zendesk__satisfaction_ratings') }} as ratings

    inner join {{ ref('survey_items') }} as survey_items
        on
            survey_items.source = 'zendesk'
            and survey_items.source_survey_id = 'satisfaction_rating'

    inner join {{ ref('instruments') }} as instruments
        on survey_items.instrument = instruments.instrument

),

ticket_comments as (

    select
        comments.child_event_id as source_record_id,
        'zendesk:comment:' || comments.child_event_id as turn_id,
        'zendesk:' || comments.author_id as account_id,
        null as response_id,
        comments.ticket_id,
        null as instrument,
        'unsolicited' as feedback_kind,
        comments.body,
        comments.created_at as occurred_at

    from {{ ref('stg_zendesk__ticket_events') }} as comments

    inner join users
        on comments.author_id = users.user_id

    where
        comments.child_event_type = 'Comment'
        and comments.is_public
        and users.role = 'end-user'

),

turns as (

    select * from rating_comments
    union all
    select * from ticket_comments

),

final as (

    select
        ---------- ids
        'zendesk' as source,
        source_record_id,
        turn_id,
        account_id,
        response_id,
        'zendesk:' || ticket_id as ticket_id,
        instrument,
        null as touchpoint_type,
        null as audience,

        ---------- facts
        feedback_kind,
        body,
        null as stars,
        null as stars_max,
        null as language,

        ---------- timestamps
        occurred_at

    from turns

    where trim(body) not in ('', 'SCRUBBED')

)

select * from final
