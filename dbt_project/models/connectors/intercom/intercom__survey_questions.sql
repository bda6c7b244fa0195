-- Grain: the one question behind every rating, once there is a rating.
with

conversations as (

    select count(*) as rating_count
    from {{ ref('stg_intercom__conversations') }}
    where rating is not null

),

survey_items as (

    select * from {{ ref('survey_items') }}
    where
        source = 'intercom'
        and source_survey_id = 'conversation_rating'
        and source_question_id = 'rating'

),

final as (

    select
        ---------- ids
        'intercom' as source,
        survey_items.source_survey_id || ':' || survey_items.source_question_id
            as source_record_id,
        concat_ws(
            ':',
            'intercom',
            survey_items.source_survey_id,
            survey_items.source_question_id
        ) as question_id,
        'intercom:' || survey_items.source_survey_id as survey_id,
        survey_items.instrument,

        ---------- facts
        -- The workspace words it; the API does not say how.
        null as question_text,
        survey_items.metric_role,
        survey_items.scale_min,
        survey_items.scale_max,
        survey_items.question_key,
        survey_items.direction

    from survey_items

    inner join conversations
        on conversations.rating_count > 0

)

select * from final
