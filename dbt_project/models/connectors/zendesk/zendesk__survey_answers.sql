-- Grain: one rating that was given; one that was only offered is no answer.
with

ratings as (

    select
        ratings.rating_id,
        ratings.requester_id,
        ratings.ticket_id,
        'satisfaction_rating' as source_survey_id,
        'score' as source_question_id,
        case when starts_with(ratings.score, 'good') then 1.0 else 0.0 end as answer_value,
        list_contains(tickets.tags, 'test') as is_test,
        ratings.updated_at as answered_at

    from {{ ref('stg_zendesk__satisfaction_ratings') }} as ratings

    left join {{ ref('stg_zendesk__tickets') }} as tickets
        on ratings.ticket_id = tickets.ticket_id

    where starts_with(ratings.score, 'good') or starts_with(ratings.score, 'bad')

),

{{ desk_answers('zendesk') }}
