-- Grain: an order, donation, registration or attendance x the file that tells of it.
-- A row that its file no longer has is marked.
with

source as (

    select * from {{ source('files', 'orders') }}

),

final as (

    select
        ---------- ids
        source_record_id,
        order_id,
        account_id,
        organisation_id,
        file_name,

        ---------- facts
        order_kind,
        status,
        amount,
        currency,
        refunded_amount,
        location_id,
        audience,
        attributes,
        _deleted_reason is not null as is_gone,

        ---------- timestamps
        cast(ordered_at as timestamp) as ordered_at,
        cast(updated_at as timestamp) as updated_at

    from source

)

select * from final
