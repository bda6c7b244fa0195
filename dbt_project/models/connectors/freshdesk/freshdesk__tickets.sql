-- Grain: one ticket; test, merged and deleted ones carry flags.
with

tickets as (

    select * from {{ ref('stg_freshdesk__tickets') }}

),

codes as (

    select
        field,
        code,
        value
    from {{ ref('source_codes') }}
    where source = 'freshdesk'

),

-- The loser of a merge is told by the private note that it gets, and by nothing else.
merged as (

    select distinct conversations.ticket_id

    from {{ ref('stg_freshdesk__conversations') }} as conversations

    inner join codes
        on
            codes.field = 'merge_note'
            and starts_with(trim(conversations.body), codes.code)

    where conversations.is_private

),

final as (

    select
        ---------- ids
        'freshdesk' as source,
        tickets.ticket_id as source_record_id,
        'freshdesk:' || tickets.ticket_id as ticket_id,
        'freshdesk:' || tickets.requester_id as account_id,
        'freshdesk:' || tickets.responder_id as assignee_account_id,
        'freshdesk:' || tickets.company_id as organisation_id,
        'freshdesk:' || tickets.group_id as team,

        ---------- facts
        products.value as touchpoint_type,
        channels.value as channel,
        priorities.value as priority,
        -- What lies in the trash or in spam keeps the status that it had.
        case
            when tickets.deleted_reason is not null then 'deleted'
            else statuses.value
        end as status,
        tickets.topic,
        null as is_timely,
        coalesce(list_contains(tickets.tags, 'test'), false) as is_test,
        tickets.deleted_reason is not null as is_deleted,
        case when merged.ticket_id is not null then true end as is_merged,
        null as snapshot_date,
        null as audience,
        null as attributes,

        ---------- timestamps
        tickets.created_at,
        tickets.updated_at,
        tickets.resolved_at as solved_at,
        null as forwarded_at

    from tickets

    left join codes as products
        on products.field = 'product_id' and tickets.product_id = products.code

    left join codes as channels
        on channels.field = 'source' and tickets.source_code = channels.code

    left join codes as priorities
        on priorities.field = 'priority' and tickets.priority_code = priorities.code

    left join codes as statuses
        on statuses.field = 'status' and tickets.status_code = statuses.code

    left join merged
        on tickets.ticket_id = merged.ticket_id

)

select * from final
