-- Grain: a remark given with a rating, or what a contact wrote in a conversation.
with

conversations as (

    select
        *,
        coalesce(delivered_as, 'customer_initiated') = 'customer_initiated' as is_request
    from {{ ref('stg_intercom__conversations') }}
    where deleted_reason is null

),

remarks as (

    select
        conversations.conversation_id as source_record_id,
        conversations.conversation_id as of_conversation_id,
        'intercom:rating:' || conversations.conversation_id as turn_id,
        case
            when instruments.confidentiality <> 'anonymous'
                then
                    'intercom:'
                    || coalesce(conversations.rating_contact_id, conversations.contact_id)
        end as account_id,
        'intercom:' || conversations.conversation_id as response_id,
        case
            when instruments.confidentiality <> 'anonymous'
                then conversations.conversation_id
        end as conversation_id,
        instruments.instrument,
        instruments.feedback_kind,
        conversations.rating_remark as body,
        conversations.rated_at as occurred_at

    from conversations

    inner join {{ ref('survey_items') }} as survey_items
        on
            survey_items.source = 'intercom'
            and survey_items.source_survey_id = 'conversation_rating'
            and survey_items.source_question_id = 'rating'

    inner join {{ ref('instruments') }} as instruments
        on survey_items.instrument = instruments.instrument

),

messages as (

    select
        parts.part_id as source_record_id,
        parts.conversation_id as of_conversation_id,
        'intercom:part:' || parts.part_id as turn_id,
        'intercom:' || parts.author_id as account_id,
        null as response_id,
        parts.conversation_id,
        null as instrument,
        'unsolicited' as feedback_kind,
        parts.body,
        parts.created_at as occurred_at

    from {{ ref('stg_intercom__conversation_parts') }} as parts

    where
        parts.author_type in ('user', 'lead', 'contact')
        and not parts.is_from_ai_agent
        and not parts.is_redacted
        and parts.part_type in ('opening', 'comment', 'quick_reply', 'open')

),

turns as (

    select * from remarks
    union all
    select * from messages

),

final as (

    select
        ---------- ids
        'intercom' as source,
        turns.source_record_id,
        turns.turn_id,
        turns.account_id,
        turns.response_id,
        case
            when conversations.is_request then 'intercom:' || turns.conversation_id
        end as ticket_id,
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

    -- What was said in a conversation that is gone is no longer repeated.
    inner join conversations
        on turns.of_conversation_id = conversations.conversation_id

    where trim(turns.body) <> ''

)

select * from final
