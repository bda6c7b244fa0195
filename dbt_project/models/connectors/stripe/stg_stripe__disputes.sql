-- Grain: one dispute about a charge.
with

source as (

    select * from {{ source('stripe', 'disputes') }}

),

final as (

    select
        ---------- ids
        id as dispute_id,
        charge_id,

        ---------- facts
        status,
        reason,
        currency,
        amount_minor,
        is_live,
        _deleted_reason as deleted_reason,

        ---------- timestamps
        cast(created_at as timestamp) as created_at

    from source

)

select * from final
