-- Grain: one comment, letter, new status, owner or priority of a case; no other change.
with

codes as (

    select
        field,
        code,
        value
    from {{ ref('source_codes') }}
    where source = 'salesforce'

),

-- Nobody writes down what a case began with: it is what the first change replaced.
beginnings as (

    select
        cases.case_id,
        coalesce(
            any_value(first_changes.old_value order by first_changes.created_at asc),
            any_value(cases.status)
        ) as status

    from {{ ref('stg_salesforce__cases') }} as cases

    left join {{ ref('stg_salesforce__case_history') }} as first_changes
        on
            cases.case_id = first_changes.case_id
            and first_changes.changed_field = 'Status'

    group by cases.case_id

),

-- Of a new owner the org writes two rows: names, and ids, which tell a user from a queue.
changes as (

    select
        *,
        case
            when changed_field = 'created' then 'created'
            when changed_field = 'Status' then 'status'
            when changed_field = 'Priority' then 'priority'
            when starts_with(new_value, '005') then 'assignment'
            when starts_with(new_value, '00G') then 'group'
        end as event_type,
        case changed_field
            when 'Status' then 'case_status'
            when 'Priority' then 'case_priority'
        end as code_field
    from {{ ref('stg_salesforce__case_history') }}
    where deleted_reason is null

),

events as (

    select
        changes.history_id as record_id,
        changes.case_id,
        changes.created_by_id as actor_id,
        false as is_incoming,
        changes.event_type,
        null as is_public,
        case
            when changes.event_type = 'created' then begun.value
            when changes.code_field is not null then new_codes.value
            else 'salesforce:' || changes.new_value
        end as value,
        case
            when changes.code_field is not null then old_codes.value
            when left(changes.old_value, 3) = left(changes.new_value, 3)
                then 'salesforce:' || changes.old_value
        end as previous_value,
        changes.created_at as occurred_at

    from changes

    left join codes as new_codes
        on changes.code_field = new_codes.field and changes.new_value = new_codes.code

    left join codes as old_codes
        on changes.code_field = old_codes.field and changes.old_value = old_codes.code

    left join beginnings
        on changes.case_id = beginnings.case_id

    left join codes as begun
        on begun.field = 'case_status' and beginnings.status = begun.code

    where changes.event_type is not null

    union all

    select
        comment_id as record_id,
        case_id,
        created_by_id as actor_id,
        false as is_incoming,
        'comment' as event_type,
        is_published as is_public,
        null as value,
        null as previous_value,
        created_at as occurred_at
    from {{ ref('stg_salesforce__case_comments') }}
    where deleted_reason is null

    union all

    select
        message_id as record_id,
        case_id,
        created_by_id as actor_id,
        is_incoming,
        'comment' as event_type,
        true as is_public,
        null as value,
        null as previous_value,
        sent_at as occurred_at
    from {{ ref('stg_salesforce__email_messages') }}
    where deleted_reason is null and case_id is not null

),

users as (

    select * from {{ ref('stg_salesforce__users') }}

),

final as (

    select
        ---------- ids
        'salesforce' as source,
        events.record_id as source_record_id,
        'salesforce:' || events.record_id as ticket_event_id,
        'salesforce:' || events.case_id as ticket_id,
        -- A letter to us is filed by a machine; who wrote it is told by feedback_turns.
        case when not events.is_incoming then 'salesforce:' || users.user_id end
            as actor_account_id,

        ---------- facts
        case
            when events.is_incoming then 'end_user'
            when users.user_type is null then 'system'
            when users.user_type = 'AutomatedProcess' then 'bot'
            when users.user_type = 'Standard' then 'agent'
            else 'end_user'
        end as actor_role,
        events.event_type,
        events.is_public,
        events.value,
        events.previous_value,

        ---------- timestamps
        events.occurred_at

    from events

    left join users
        on events.actor_id = users.user_id

)

select * from final
