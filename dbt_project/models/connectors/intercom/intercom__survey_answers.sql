-- Grain: one rating that was given; one that was only asked for is no answer.
with

conversations as (

    select * from {{ ref('stg_intercom__conversations') }}
    where rating is not null and deleted_reason is null

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
        survey_items.source = 'intercom'
        and survey_items.source_survey_id = 'conversation_rating'
        and survey_items.source_question_id = 'rating'

),

final as (

    select
        ---------- ids
        'intercom' as source,
        conversations.conversation_id as source_record_id,
        concat_ws(
            ':', 'intercom', conversations.conversation_id, question.source_question_id
        ) as answer_id,
        'intercom:' || conversations.conversation_id as response_id,
        'intercom:' || question.source_survey_id || ':' || question.source_question_id
            as question_id,
        case
            when question.confidentiality <> 'anonymous'
                then
                    'intercom:'
                    || coalesce(conversations.rating_contact_id, conversations.contact_id)
        end as account_id,
        question.instrument,
        case
            when
                question.confidentiality <> 'anonymous'
                and coalesce(conversations.delivered_as, 'customer_initiated')
                = 'customer_initiated'
                then 'intercom:' || conversations.conversation_id
        end as ticket_id,

        ---------- facts
        question.metric_role,
        question.scale_min,
        question.scale_max,
        question.question_key,
        question.direction,
        question.confidentiality,
        conversations.rating as answer_value,
        case when list_contains(conversations.tags, 'test') then 'test' else 'complete' end
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
        conversations.rated_at as answered_at

    from conversations

    cross join question

)

select * from final
