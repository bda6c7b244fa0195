-- Grain: the opening of one ticket; tests, spam and deleted tickets touched nobody.
with

opened as (

    select
        ticket_id,
        requester_id,
        product_id as kind_code,
        source_code as channel_code,
        -- Outbound mail; a ticket of any other source came in.
        case when source_code = '10' then 'outbound' else 'inbound' end as direction,
        created_at
    from {{ ref('stg_freshdesk__tickets') }}
    where deleted_reason is null and not coalesce(list_contains(tags, 'test'), false)

),

{{ desk_touchpoints('freshdesk', 'ticket', kind='product_id', channel='source') }}
