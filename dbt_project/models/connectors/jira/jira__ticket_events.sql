-- Grain: the opening of a request, a comment, or one new status, assignee or priority.
with

issues as (

    select * from {{ ref('stg_jira__issues') }}
    where deleted_reason is null

),

users as (

    select * from {{ ref('stg_jira__users') }}

),

codes as (

    select
        field,
        code,
        value
    from {{ ref('source_codes') }}
    where source = 'jira'

),

statuses as (

    select
        statuses.status_id,
        coalesce(own.value, categories.value) as status

    from {{ ref('stg_jira__statuses') }} as statuses

    left join codes as own
        on own.field = 'status' and statuses.status_id = own.code

    left join codes as categories
        on
            categories.field = 'status_category'
            and statuses.category = categories.code

),

openings as (

    select
        issue_id || ':created' as event_id,
        issue_id,
        creator_id as actor_id,
        'created' as event_type,
        null as is_public,
        null as from_id,
        null as to_id,
        created_at as occurred_at
    from issues

),

comments as (

    select
        comment_id || ':comment' as event_id,
        issue_id,
        author_id as actor_id,
        'comment' as event_type,
        is_public,
        null as from_id,
        null as to_id,
        created_at as occurred_at
    from {{ ref('stg_jira__comments') }}
    where deleted_reason is null

),

changes as (

    select
        history_id || ':' || field as event_id,
        issue_id,
        author_id as actor_id,
        case field when 'assignee' then 'assignment' else field end as event_type,
        null as is_public,
        from_id,
        to_id,
        created_at as occurred_at
    from {{ ref('stg_jira__changes') }}
    where deleted_reason is null

),

events as (

    select * from openings
    union all
    select * from comments
    union all
    select * from changes

),

final as (

    select
        ---------- ids
        'jira' as source,
        events.event_id as source_record_id,
        'jira:' || events.event_id as ticket_event_id,
        'jira:' || events.issue_id as ticket_id,
        -- An app has no account among people.
        case
            when coalesce(users.account_type, '') <> 'app' then 'jira:' || events.actor_id
        end as actor_account_id,

        ---------- facts
        case
            when events.actor_id is null then 'system'
            when users.account_type = 'app' then 'bot'
            when users.account_type = 'customer' then 'end_user'
            -- A colleague may ask too, with the kind of account that agents have.
            when events.actor_id = issues.reporter_id then 'end_user'
            else 'agent'
        end as actor_role,
        events.event_type,
        events.is_public,
        case events.event_type
            when 'assignment' then 'jira:' || events.to_id
            when 'priority' then priorities.value
            when 'status' then statuses.status
        end as value,
        case events.event_type
            when 'assignment' then 'jira:' || events.from_id
            when 'priority' then old_priorities.value
            when 'status' then old_statuses.status
        end as previous_value,

        ---------- timestamps
        events.occurred_at

    from events

    -- What was said in a request that is gone is no longer repeated.
    inner join issues
        on events.issue_id = issues.issue_id

    left join users
        on events.actor_id = users.account_id

    left join statuses
        on events.to_id = statuses.status_id

    left join statuses as old_statuses
        on events.from_id = old_statuses.status_id

    left join codes as priorities
        on priorities.field = 'priority' and events.to_id = priorities.code

    left join codes as old_priorities
        on
            old_priorities.field = 'priority'
            and events.from_id = old_priorities.code

)

select * from final
