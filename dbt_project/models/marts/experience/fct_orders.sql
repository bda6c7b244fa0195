-- Grain: one order, donation, registration or attendance, as the one audience it was lived.
with

orders as (

    select * from {{ ref('int_orders') }}

),

experiences as (

    select * from {{ ref('int_experiences') }}
    where experience_kind = 'order'

),

final as (

    select
        orders.order_id,
        orders.source,
        orders.account_id,
        orders.person_id,
        experiences.audience,
        orders.order_kind,
        orders.status,
        orders.amount,
        orders.currency,
        orders.refunded_amount,
        orders.location_id,
        orders.ordered_at
    from orders

    left join experiences on orders.order_id = experiences.experience_id

)

select * from final
