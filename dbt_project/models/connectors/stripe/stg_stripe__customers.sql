-- Grain: one customer, deleted ones included.
with

source as (

    select * from {{ source('stripe', 'customers') }}

),

final as (

    select
        ---------- ids
        id as customer_id,

        ---------- facts
        name as full_name,
        email,
        phone,
        city,
        country,
        from_json(preferred_locales, '["varchar"]') as preferred_locales,
        is_live,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at

    from source

)

select * from final
