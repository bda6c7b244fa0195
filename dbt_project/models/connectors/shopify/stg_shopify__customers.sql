-- Grain: one customer, those that are gone included.
with

source as (

    select * from {{ source('shopify', 'customers') }}

),

final as (

    select
        ---------- ids
        id as customer_id,

        ---------- facts
        first_name,
        last_name,
        email,
        email_marketing,
        phone,
        locale,
        city,
        country,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
