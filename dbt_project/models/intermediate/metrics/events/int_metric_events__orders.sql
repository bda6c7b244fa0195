-- Grain: one paid order, donation, registration or visit.
with

final as (

    select
        'order' as event,
        orders.order_kind as role,
        'order:' || orders.order_id as event_id,
        orders.source,
        orders.audience,
        orders.family,
        orders.person_id,
        orders.account_id,
        orders.order_id as record_id,
        1.0 as value,
        {{ local_date('orders.ordered_at') }} as observed_on,
        coalesce(orders.attributes, '{}') as dimensions
    from {{ ref('int_orders') }} as orders
    where orders.status = 'paid'

)

select * from final
