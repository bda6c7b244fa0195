-- Grain: the opening of one ticket; tests, spam and deleted tickets touched nobody.
with

tickets as (

    select * from {{ ref('stg_freshdesk__tickets') }}
    where deleted_reason is null and not coalesce(list_contains(tags, 'test'), false)

),

codes as (

    select
        field,
        code,
        value
    from {{ ref('source_codes') }}
    where source = 'freshdesk'

),

final as (

    select
        ---------- ids
        'freshdesk' as source,
        tickets.ticket_id as source_record_id,
        'freshdesk:ticket:' || tickets.ticket_id as touchpoint_id,
        'freshdesk:' || tickets.requester_id as account_id,
        null as location_id,

        ---------- facts
        products.value as touchpoint_type,
        channels.value as channel,
        -- Outbound mail; a ticket of any other source came in.
        case when tickets.source_code = '10' then 'outbound' else 'inbound' end
            as direction,

        ---------- timestamps
        tickets.created_at as occurred_at

    from tickets

    left join codes as products
        on products.field = 'product_id' and tickets.product_id = products.code

    left join codes as channels
        on channels.field = 'source' and tickets.source_code = channels.code

)

select * from final
