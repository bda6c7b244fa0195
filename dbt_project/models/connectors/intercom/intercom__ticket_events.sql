-- Grain: one thing that a part of a conversation did: it may both say something and change something.
with

requests as (

    select conversation_id
    from {{ ref('stg_intercom__conversations') }}
    where
        coalesce(delivered_as, 'customer_initiated') = 'customer_initiated'
        and deleted_reason is null

),

parts as (

    select
        parts.*,
        case
            when parts.author_type = 'bot' or parts.is_from_ai_agent then 'bot'
            when parts.author_type = 'admin' then 'agent'
            when parts.author_type in ('user', 'lead', 'contact') then 'end_user'
            else 'system'
        end as actor_role

    from {{ ref('stg_intercom__conversation_parts') }} as parts

    inner join requests
        on parts.conversation_id = requests.conversation_id

),

told as (

    select
        *,
        'created' as event_type,
        null as is_public,
        'open' as value
    from parts
    where part_type = 'opening'

    union all

    -- What closes, opens or hands on a conversation may carry a message to the contact too.
    select
        *,
        'comment' as event_type,
        not starts_with(part_type, 'note') as is_public,
        null as value
    from parts
    where
        (nullif(trim(body), '') is not null or is_redacted)
        and part_type in (
            'opening',
            'comment',
            'quick_reply',
            'note',
            'note_and_reopen',
            'open',
            'close',
            'assignment',
            'assign_and_reopen',
            'assign_and_unsnooze'
        )

    union all

    select
        *,
        'status' as event_type,
        null as is_public,
        case
            when part_type = 'close' then 'solved'
            when part_type = 'snoozed' then 'pending'
            else 'open'
        end as value
    from parts
    where
        part_type in (
            'close',
            'snoozed',
            'open',
            'unsnoozed',
            'timer_unsnooze',
            'note_and_reopen',
            'assign_and_reopen',
            'assign_and_unsnooze'
        )

    union all

    -- That nobody has it any more is not told.
    select
        *,
        case assigned_to_type when 'team' then 'group' else 'assignment' end as event_type,
        null as is_public,
        'intercom:' || assigned_to_id as value
    from parts
    where assigned_to_type in ('admin', 'team') and assigned_to_id is not null

),

final as (

    select
        ---------- ids
        'intercom' as source,
        part_id as source_record_id,
        concat_ws(':', 'intercom', part_id, event_type) as ticket_event_id,
        'intercom:' || conversation_id as ticket_id,
        -- A bot has no account among contacts and teammates.
        case when actor_role in ('agent', 'end_user') then 'intercom:' || author_id end
            as actor_account_id,

        ---------- facts
        actor_role,
        event_type,
        is_public,
        value,
        null as previous_value,

        ---------- timestamps
        created_at as occurred_at

    from told

)

select * from final
