-- Grain: the beginning of one conversation, whoever began it; tests and what is gone touched nobody.
with

conversations as (

    select * from {{ ref('stg_intercom__conversations') }}
    where
        deleted_reason is null
        and not coalesce(list_contains(tags, 'test'), false)

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
        'intercom:conversation:' || conversations.conversation_id as touchpoint_id,
        'intercom:' || conversations.contact_id as account_id,
        null as location_id,

        ---------- facts
        brands.value as touchpoint_type,
        channels.value as channel,
        case
            when conversations.delivered_as = 'customer_initiated' then 'inbound'
            when conversations.delivered_as is not null then 'outbound'
        end as direction,

        ---------- timestamps
        conversations.created_at as occurred_at

    from conversations

    left join codes as brands
        on
            brands.field = 'brand'
            and coalesce(conversations.brand, 'none') = brands.code

    left join codes as channels
        on channels.field = 'channel' and conversations.source_type = channels.code

)

select * from final
