-- Grain: the opening of one ticket; tests and deleted tickets touched nobody.
with

tickets as (

    select * from {{ ref('stg_zendesk__tickets') }}
    where status <> 'deleted' and not coalesce(list_contains(tags, 'test'), false)

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
        'zendesk:ticket:' || tickets.ticket_id as touchpoint_id,
        'zendesk:' || tickets.requester_id as account_id,
        null as location_id,

        ---------- facts
        brands.value as touchpoint_type,
        channels.value as channel,
        'inbound' as direction,

        ---------- timestamps
        tickets.created_at as occurred_at

    from tickets

    left join codes as brands
        on brands.field = 'brand_id' and tickets.brand_id = brands.code

    left join codes as channels
        on channels.field = 'channel' and tickets.channel = channels.code

)

select * from final
