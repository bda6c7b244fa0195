-- Grain: one rating that was given; one that was only asked for is no answer.
with

ratings as (

    select
        conversation_id as rating_id,
        coalesce(rating_contact_id, contact_id) as requester_id,
        case
            when coalesce(delivered_as, 'customer_initiated') = 'customer_initiated'
                then conversation_id
        end as ticket_id,
        'conversation_rating' as source_survey_id,
        'rating' as source_question_id,
        rating as answer_value,
        list_contains(tags, 'test') as is_test,
        rated_at as answered_at
    from {{ ref('stg_intercom__conversations') }}
    where rating is not null and deleted_reason is null

),

{{ desk_answers('intercom') }}
