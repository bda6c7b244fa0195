-- Grain: one refund of a charge.
with

source as (

    select * from {{ source('stripe', 'refunds') }}

),

final as (

    select
        ---------- ids
        id as refund_id,
        charge_id,

        ---------- facts
        status,
        reason,
        currency,
        amount_minor,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at

    from source

)

select * from final
