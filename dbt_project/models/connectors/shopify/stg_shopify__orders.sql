-- Grain: one order, tests and those that are gone included.
with

source as (

    select * from {{ source('shopify', 'orders') }}

),

final as (

    select
        ---------- ids
        id as order_id,
        customer_id,

        ---------- facts
        financial_status,
        is_test,
        amount,
        currency,
        refunded_amount,
        kind,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(processed_at as timestamp) as processed_at,
        cast(cancelled_at as timestamp) as cancelled_at,
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
