-- Grain: one ticket; test, merged and deleted ones carry flags.
with

tickets as (

    select * from {{ ref('stg_zendesk__tickets') }}

),

codes as (

    select
        field,
        code,
        value
    from {{ ref('source_codes') }}
    where source = 'zendesk'

),

final as (

    select
        ---------- ids
        'zendesk' as source,
        tickets.ticket_id as source_record_id,
        'zendesk:' || tickets.ticket_id as ticket_id,
        'zendesk:' || tickets.requester_id as account_id,
        'zendesk:' || tickets.assignee_id as assignee_account_id,
        'zendesk:' || tickets.organization_id as organisation_id,
        'zendesk:' || tickets.group_id as team,

        ---------- facts
        brands.value as touchpoint_type,
        channels.value as channel,
        tickets.priority,
        -- On hold is pending on somebody else than the requester.
        case when tickets.status = 'hold' then 'pending' else tickets.status end
            as status,
        tickets.topic,
        null as is_timely,
        coalesce(list_contains(tickets.tags, 'test'), false) as is_test,
        tickets.status = 'deleted' as is_deleted,
        coalesce(list_contains(tickets.tags, 'closed_by_merge'), false) as is_merged,
        null as snapshot_date,
        null as audience,
        null as attributes,

        ---------- timestamps
        tickets.created_at,
        tickets.updated_at,
        tickets.solved_at,
        null as forwarded_at

    from tickets

    left join codes as brands
        on brands.field = 'brand_id' and tickets.brand_id = brands.code

    left join codes as channels
        on channels.field = 'channel' and tickets.channel = channels.code

)

select * from final
