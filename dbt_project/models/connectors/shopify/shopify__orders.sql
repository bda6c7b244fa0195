-- Grain: one order that is there and no test.
with

orders as (

    select * from {{ ref('stg_shopify__orders') }}
    where deleted_reason is null and not is_test

),

kinds as (

    select
        code as kind,
        value as order_kind
    from {{ ref('source_codes') }}
    where source = 'shopify' and field = 'kind'

),

final as (

    select
        ---------- ids
        'shopify' as source,
        orders.order_id as source_record_id,
        'shopify:' || orders.order_id as order_id,
        'shopify:' || orders.customer_id as account_id,
        null as organisation_id,
        null as location_id,

        ---------- facts
        -- An order that does not say what it is for is one; what it says may be unknown.
        case when orders.kind is null then 'order' else kinds.order_kind end
            as order_kind,
        -- What is still to be paid is none of the three.
        case
            when
                orders.cancelled_at is not null
                or orders.financial_status in ('VOIDED', 'EXPIRED')
                then 'cancelled'
            when orders.financial_status = 'REFUNDED' then 'refunded'
            when orders.financial_status in ('PAID', 'PARTIALLY_REFUNDED') then 'paid'
        end as status,
        orders.amount,
        orders.currency,
        orders.refunded_amount,
        null as cost_amount,
        null as audience,
        null as attributes,

        ---------- timestamps
        coalesce(orders.processed_at, orders.created_at) as ordered_at,
        orders.updated_at

    from orders

    left join kinds
        on orders.kind = kinds.kind

)

select * from final
