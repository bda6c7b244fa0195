-- Grain: one customer who said yes or no to marketing by e-mail.
with

customers as (

    select * from {{ ref('stg_shopify__customers') }}
    where
        deleted_reason is null
        and email_marketing in ('SUBSCRIBED', 'UNSUBSCRIBED')

),

final as (

    select
        ---------- ids
        'shopify' as source,
        customer_id as source_record_id,
        concat_ws(':', 'shopify', customer_id, 'marketing') as consent_id,
        'shopify:' || customer_id as account_id,

        ---------- facts
        'marketing' as purpose,
        null as basis,
        case email_marketing
            when 'SUBSCRIBED' then 'granted'
            else 'withdrawn'
        end as state,

        ---------- timestamps
        null as valid_from

    from customers

)

select * from final
