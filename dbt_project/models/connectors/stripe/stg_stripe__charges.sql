-- Grain: one attempt to take money.
with

source as (

    select * from {{ source('stripe', 'charges') }}

),

final as (

    select
        ---------- ids
        id as charge_id,
        customer_id,

        ---------- facts
        status,
        captured as is_captured,
        refunded as is_refunded,
        currency,
        amount_minor,
        amount_captured_minor,
        kind,
        guest_name,
        guest_email,
        is_live,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at

    from source

)

select * from final
