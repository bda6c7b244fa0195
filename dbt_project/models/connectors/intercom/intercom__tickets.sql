-- Grain: one conversation that a contact began; what we began is no request.
with

conversations as (

    select * from {{ ref('stg_intercom__conversations') }}
    -- Of a conversation that is gone nothing but the id is left.
    where
        coalesce(delivered_as, 'customer_initiated') = 'customer_initiated'
        and deleted_reason is null

),

codes as (

    select
        field,
        code,
        value
    from {{ ref('source_codes') }}
    where source = 'intercom'

),

final as (

    select
        ---------- ids
        'intercom' as source,
        conversations.conversation_id as source_record_id,
        'intercom:' || conversations.conversation_id as ticket_id,
        'intercom:' || conversations.contact_id as account_id,
        'intercom:' || conversations.admin_assignee_id as assignee_account_id,
        null as organisation_id,
        'intercom:' || conversations.team_assignee_id as team,

        ---------- facts
        brands.value as touchpoint_type,
        channels.value as channel,
        -- Priority is a mark that is set or not; without it nothing is said.
        case when conversations.priority = 'priority' then 'high' end as priority,
        -- A closed conversation opens again when the contact writes: it is solved.
        case conversations.state
            when 'closed' then 'solved'
            when 'snoozed' then 'pending'
            else conversations.state
        end as status,
        conversations.topic,
        null as is_timely,
        coalesce(list_contains(conversations.tags, 'test'), false) as is_test,
        false as is_deleted,
        null as is_merged,
        null as snapshot_date,
        null as audience,
        null as attributes,

        ---------- timestamps
        conversations.created_at,
        conversations.updated_at,
        case when conversations.state = 'closed' then conversations.last_close_at end
            as solved_at,
        null as forwarded_at

    from conversations

    left join codes as brands
        on
            brands.field = 'brand'
            and coalesce(conversations.brand, 'none') = brands.code

    left join codes as channels
        on channels.field = 'channel' and conversations.source_type = channels.code

)

select * from final
