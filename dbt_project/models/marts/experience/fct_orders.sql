-- Grain: one order, donation, registration or attendance, as the one audience it was lived.
with

orders as (

    select * from {{ ref('int_orders') }}

),

final as (

    select
        orders.order_id,
        orders.source,
        orders.account_id,
        orders.person_id,
        orders.organisation_id as organisation_account_id,
        orders.audience,
        orders.order_kind,
        orders.status,
        orders.amount,
        orders.currency,
        orders.refunded_amount,
        orders.location_id,
        orders.ordered_at
    from orders

)

select * from final
