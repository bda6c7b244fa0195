-- Grain: the beginning of one conversation, whoever began it; tests and what is gone touched nobody.
with

opened as (

    select
        conversation_id as ticket_id,
        contact_id as requester_id,
        coalesce(brand, 'none') as kind_code,
        source_type as channel_code,
        case
            when delivered_as = 'customer_initiated' then 'inbound'
            when delivered_as is not null then 'outbound'
        end as direction,
        created_at
    from {{ ref('stg_intercom__conversations') }}
    where deleted_reason is null and not coalesce(list_contains(tags, 'test'), false)

),

{{ desk_touchpoints('intercom', 'conversation', kind='brand', channel='channel') }}
