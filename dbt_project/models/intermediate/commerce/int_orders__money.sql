-- Grain: one order, donation, registration or visit for which money is due or was paid back.
-- Both figures are to date: after what has been paid back until now, at the rate of the order's day.
-- What can not be told is null, never 0: an amount, a cost, a rate or a refund that is missing.
with

orders as (

    select
        *,
        {{ local_date('ordered_at') }} as ordered_on
    from {{ ref('int_orders') }}
    where
        status in ('paid', 'refunded')
        -- A visit or registration without an amount was no sale.
        and (order_kind in ('order', 'donation') or amount is not null)

),

rates as (

    select * from {{ ref('int_exchange_rates') }}

),

-- A paid order that tells of no refund had none; a refunded one that tells no amount hides it.
kept as (

    select
        orders.*,
        orders.amount
        - case
            when orders.status = 'paid' then coalesce(orders.refunded_amount, 0.0)
            else orders.refunded_amount
        end as net_amount
    from orders

),

final as (

    select
        kept.order_id,
        kept.source,
        kept.account_id,
        kept.person_id,
        kept.family,
        kept.audience,
        kept.order_kind,
        kept.status,
        kept.ordered_on,
        kept.attributes,
        kept.net_amount * rates.rate as net_revenue,
        (kept.net_amount - kept.cost_amount) * rates.rate as margin
    from kept
    left join rates
        on
            kept.currency = rates.currency
            and kept.ordered_on >= rates.valid_from
            and kept.ordered_on < rates.valid_to

)

select * from final
