-- Grain: an order, donation, registration or attendance,
-- as the newest file that still has it tells it.
with

records as (

    select * from {{ ref('stg_files__orders') }}

    where not is_gone
    qualify
        row_number() over (
            partition by order_id order by updated_at desc nulls last, file_name desc
        ) = 1

),

final as (

    select
        ---------- ids
        'files' as source,
        source_record_id,
        'files:' || order_id as order_id,
        'files:' || account_id as account_id,
        'files:' || organisation_id as organisation_id,

        ---------- facts
        order_kind,
        status,
        amount,
        currency,
        refunded_amount,
        location_id,
        audience,
        attributes,

        ---------- timestamps
        ordered_at,
        updated_at

    from records

)

select * from final
