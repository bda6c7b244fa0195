-- Grain: the opening of one ticket; tests and deleted tickets touched nobody.
with

opened as (

    select
        ticket_id,
        requester_id,
        brand_id as kind_code,
        channel as channel_code,
        'inbound' as direction,
        created_at
    from {{ ref('stg_zendesk__tickets') }}
    where status <> 'deleted' and not coalesce(list_contains(tags, 'test'), false)

),

{{ desk_touchpoints('zendesk', 'ticket', kind='brand_id', channel='channel') }}
