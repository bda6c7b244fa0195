-- Grain: the opening of a ticket, or one reply or note; Freshdesk tells no other history.
with

tickets as (

    select * from {{ ref('stg_freshdesk__tickets') }}

),

-- A comment made of a survey answer (source 6) is the rating said twice.
conversations as (

    select * from {{ ref('stg_freshdesk__conversations') }}
    where deleted_reason is null and coalesce(source_code, '') <> '6'

),

agents as (

    select agent_id from {{ ref('stg_freshdesk__agents') }}

),

openings as (

    select
        tickets.ticket_id || ':created' as source_record_id,
        tickets.ticket_id,
        -- Outbound mail (10) is opened by an agent whom the ticket does not name.
        case when coalesce(tickets.source_code, '') <> '10' then tickets.requester_id end
            as actor_id,
        case
            when tickets.source_code = '10' then 'agent'
            else 'end_user'
        end as actor_role,
        'created' as event_type,
        null as is_public,
        tickets.created_at as occurred_at

    from tickets

),

comments as (

    select
        conversations.conversation_id as source_record_id,
        conversations.ticket_id,
        conversations.user_id as actor_id,
        -- What a rule sent no human did, in whosever name it went out.
        case
            when conversations.automation_id is not null then 'bot'
            when conversations.is_auto_response then 'bot'
            when conversations.user_id is null then 'system'
            when agents.agent_id is not null then 'agent'
            when conversations.is_incoming then 'end_user'
            else 'agent'
        end as actor_role,
        'comment' as event_type,
        not conversations.is_private as is_public,
        conversations.created_at as occurred_at

    from conversations

    left join agents
        on conversations.user_id = agents.agent_id

),

events as (

    select * from openings
    union all
    select * from comments

),

final as (

    select
        ---------- ids
        'freshdesk' as source,
        source_record_id,
        'freshdesk:' || source_record_id as ticket_event_id,
        'freshdesk:' || ticket_id as ticket_id,
        'freshdesk:' || actor_id as actor_account_id,

        ---------- facts
        actor_role,
        event_type,
        is_public,
        -- What a ticket was opened as is not kept.
        null as value,
        null as previous_value,

        ---------- timestamps
        occurred_at

    from events

)

select * from final
