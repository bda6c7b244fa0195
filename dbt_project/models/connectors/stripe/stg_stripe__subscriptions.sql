-- Grain: one subscription, ended ones included.
with

source as (

    select * from {{ source('stripe', 'subscriptions') }}

),

final as (

    select
        ---------- ids
        id as subscription_id,
        customer_id,

        ---------- facts
        status,
        from_json(products, '["varchar"]') as products,
        is_live,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(started_at as timestamp) as started_at,
        cast(ended_at as timestamp) as ended_at,
        cast(created_at as timestamp) as created_at

    from source

)

select * from final
