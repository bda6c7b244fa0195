-- Grain: one order, donation, registration or attendance, with the person behind it.
with

orders as (

    select * from {{ ref('orders') }}

),

account_persons as (

    select * from {{ source('identity', 'account_persons') }}

),

final as (

    select
        orders.order_id,
        orders.source,
        orders.source_record_id,
        orders.account_id,
        account_persons.person_id,
        orders.order_kind,
        orders.status,
        orders.amount,
        orders.currency,
        orders.refunded_amount,
        orders.location_id,
        orders.ordered_at,
        orders.audience
    from orders
    left join account_persons
        on orders.account_id = account_persons.account_id

)

select * from final
