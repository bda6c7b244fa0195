-- Grain: a comment given with a rating, or what a requester wrote in a ticket.
with

agents as (

    select agent_id from {{ ref('stg_freshdesk__agents') }}

),

-- Several questions of one survey belong to one instrument; the comment is said once.
surveys as (

    select * from ({{ declared_items('freshdesk') }})
    qualify row_number() over (partition by source_survey_id order by instrument) = 1

),

rating_comments as (

    select
        ratings.rating_id as source_record_id,
        'freshdesk:rating:' || ratings.rating_id as turn_id,
        case
            when surveys.confidentiality <> 'anonymous'
                then 'freshdesk:' || ratings.user_id
        end as account_id,
        'freshdesk:' || ratings.rating_id as response_id,
        case
            when surveys.confidentiality <> 'anonymous' then ratings.ticket_id
        end as ticket_id,
        surveys.instrument,
        surveys.feedback_kind,
        ratings.feedback as body,
        ratings.updated_at as occurred_at

    from {{ ref('stg_freshdesk__satisfaction_ratings') }} as ratings

    inner join surveys
        on ratings.survey_id = surveys.source_survey_id

),

-- By e-mail (1), portal (2), chat (7) or widget (9) a requester writes; on the phone an agent does.
openings as (

    select
        tickets.ticket_id as source_record_id,
        'freshdesk:ticket:' || tickets.ticket_id as turn_id,
        'freshdesk:' || tickets.requester_id as account_id,
        null as response_id,
        tickets.ticket_id,
        null as instrument,
        'unsolicited' as feedback_kind,
        tickets.body,
        tickets.created_at as occurred_at

    from {{ ref('stg_freshdesk__tickets') }} as tickets

    anti join agents
        on tickets.requester_id = agents.agent_id

    where
        tickets.source_code in ('1', '2', '7', '9')
        and tickets.deleted_reason is null

),

replies as (

    select
        conversations.conversation_id as source_record_id,
        'freshdesk:conversation:' || conversations.conversation_id as turn_id,
        'freshdesk:' || conversations.user_id as account_id,
        null as response_id,
        conversations.ticket_id,
        null as instrument,
        'unsolicited' as feedback_kind,
        conversations.body,
        conversations.created_at as occurred_at

    from {{ ref('stg_freshdesk__conversations') }} as conversations

    -- A reply may outlive its ticket in raw; what is thrown away is not heard.
    inner join {{ ref('stg_freshdesk__tickets') }} as tickets
        on conversations.ticket_id = tickets.ticket_id and tickets.deleted_reason is null

    anti join agents
        on conversations.user_id = agents.agent_id

    where
        conversations.is_incoming
        and not conversations.is_private
        and not coalesce(conversations.is_auto_response, false)
        and coalesce(conversations.source_code, '') <> '6'
        and conversations.deleted_reason is null

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
        'freshdesk' as source,
        source_record_id,
        turn_id,
        account_id,
        response_id,
        'freshdesk:' || ticket_id as ticket_id,
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

    where trim(body) <> ''

)

select * from final
