-- Grain: one subscription that began x the audience that its products stand for; never a test.
with

subscriptions as (

    select * from {{ ref('stg_stripe__subscriptions') }}
    where
        is_live
        and deleted_reason is null
        and status not in ('incomplete', 'incomplete_expired')

),

items as (

    select
        subscriptions.*,
        -- One without a product is a subscription all the same.
        unnest(
            case when len(products) > 0 then products else [cast(null as varchar)] end
        ) as product
    from subscriptions

),

products as (

    select
        code as product,
        value as audience
    from {{ ref('source_codes') }}
    where source = 'stripe' and field = 'product'

),

evidence as (

    select distinct
        items.subscription_id,
        items.customer_id,
        items.status,
        items.started_at,
        items.ended_at,
        coalesce(products.audience, 'subscriber') as audience
    from items
    left join products
        on items.product = products.product

),

final as (

    select
        ---------- ids
        'stripe' as source,
        subscription_id as source_record_id,
        concat_ws(':', 'stripe', subscription_id, audience) as evidence_id,
        'stripe:' || customer_id as account_id,

        ---------- facts
        audience,
        'subscription that is ' || status as evidence,
        null as is_ended,
        null as snapshot_date,
        null as attributes,

        ---------- timestamps
        started_at as valid_from,
        ended_at as valid_to

    from evidence

)

select * from final
