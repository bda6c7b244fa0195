-- Grain: one rating x question that the registry declares.
with

answers as (

    select
        *,
        unnest(map_keys(codes)) as question,
        unnest(map_values(codes)) as code
    from {{ ref('stg_freshdesk__satisfaction_ratings') }}

),

ratings as (

    select
        answers.rating_id,
        answers.user_id as requester_id,
        answers.ticket_id,
        answers.survey_id as source_survey_id,
        answers.question as source_question_id,
        -- The vendor's own code, from -103 to 103; rescaled nowhere.
        answers.code as answer_value,
        list_contains(tickets.tags, 'test') as is_test,
        answers.updated_at as answered_at

    from answers

    left join {{ ref('stg_freshdesk__tickets') }} as tickets
        on answers.ticket_id = tickets.ticket_id

),

{{ desk_answers('freshdesk') }}
