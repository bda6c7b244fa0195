-- Grain: one comment, new status, assignee, team or priority of a ticket; no other change.
with

ticket_events as (

    select
        *,
        -- -1 is the system itself; a comment names its author.
        nullif(coalesce(author_id, updater_id), '-1') as actor_id,
        case
            when child_event_type = 'Create' and status is not null then 'created'
            when child_event_type = 'Comment' then 'comment'
            when status is not null then 'status'
            when assignee_id is not null then 'assignment'
            when group_id is not null then 'group'
            when priority is not null then 'priority'
        end as event_type

    from {{ ref('stg_zendesk__ticket_events') }}

),

agents as (

    select user_id
    from {{ ref('stg_zendesk__users') }}
    where role in ('agent', 'admin')

),

final as (

    select
        ---------- ids
        'zendesk' as source,
        ticket_events.child_event_id as source_record_id,
        'zendesk:' || ticket_events.child_event_id as ticket_event_id,
        'zendesk:' || ticket_events.ticket_id as ticket_id,
        'zendesk:' || ticket_events.actor_id as actor_account_id,

        ---------- facts
        -- What an agent's account does by a rule or over the API no human did.
        case
            when ticket_events.actor_id is null then 'system'
            when agents.user_id is null then 'end_user'
            when lower(ticket_events.via) in ('rule', 'system', 'api', 'web service')
                then 'bot'
            else 'agent'
        end as actor_role,
        ticket_events.event_type,
        case when ticket_events.event_type = 'comment' then ticket_events.is_public end
            as is_public,
        case ticket_events.event_type
            when 'assignment' then 'zendesk:' || ticket_events.assignee_id
            when 'group' then 'zendesk:' || ticket_events.group_id
            when 'priority' then ticket_events.priority
            when 'comment' then null
            else ticket_events.status
        end as value,
        case ticket_events.event_type
            when 'assignment' then 'zendesk:' || ticket_events.previous_value
            when 'group' then 'zendesk:' || ticket_events.previous_value
            when 'status' then ticket_events.previous_value
            when 'priority' then ticket_events.previous_value
        end as previous_value,

        ---------- timestamps
        ticket_events.created_at as occurred_at

    from ticket_events

    left join agents
        on ticket_events.actor_id = agents.user_id

    where ticket_events.event_type is not null

)

select * from final
