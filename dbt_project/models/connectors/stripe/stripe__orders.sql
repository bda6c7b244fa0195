-- Grain: one payment that was taken, or authorised and released; never a test.
with

charges as (

    select * from {{ ref('stg_stripe__charges') }}
    where
        is_live
        and deleted_reason is null
        and status = 'succeeded'
        and (is_captured or is_refunded)

),

-- Stripe counts in the smallest unit of a currency, a hundredth but for these. By
-- docs.stripe.com/currencies (zero-decimal and three-decimal currencies, special cases: ISK and UGX
-- are sent with two decimals although they have none), read in November 2026.
units as (

    select
        unnest([
            'bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd',
            'vuv', 'xaf', 'xof', 'xpf'
        ]) as currency,
        1 as units_in_one

    union all

    select
        unnest(['bhd', 'jod', 'kwd', 'omr', 'tnd']) as currency,
        1000 as units_in_one

),

-- What is on its way back counts; a refund that failed or was called off does not, and a dispute
-- only once it is lost.
reversals as (

    select
        charge_id,
        amount_minor
    from {{ ref('stg_stripe__refunds') }}
    where deleted_reason is null and status in ('succeeded', 'pending', 'requires_action')

    union all

    select
        charge_id,
        amount_minor
    from {{ ref('stg_stripe__disputes') }}
    where deleted_reason is null and status = 'lost'

),

reversed as (

    select
        charge_id,
        sum(amount_minor) as amount_minor
    from reversals
    group by charge_id

),

kinds as (

    select
        code as kind,
        value as order_kind
    from {{ ref('source_codes') }}
    where source = 'stripe' and field = 'kind'

),

priced as (

    select
        charges.*,
        coalesce(units.units_in_one, 100) as units_in_one,
        case
            when charges.is_captured then charges.amount_captured_minor
            else charges.amount_minor
        end as gross_minor,
        -- What was never taken can not be paid back.
        case when charges.is_captured then coalesce(reversed.amount_minor, 0) else 0 end
            as reversed_minor,
        -- A payment that does not say what it is for is an order; what it says may be unknown.
        case when charges.kind is null then 'order' else kinds.order_kind end
            as order_kind

    from charges

    left join units
        on charges.currency = units.currency

    left join reversed
        on charges.charge_id = reversed.charge_id

    left join kinds
        on charges.kind = kinds.kind

),

final as (

    select
        ---------- ids
        'stripe' as source,
        charge_id as source_record_id,
        'stripe:' || charge_id as order_id,
        'stripe:' || coalesce(
            customer_id, 'guest:' || md5(lower(nullif(trim(guest_email), '')))
        ) as account_id,
        null as organisation_id,
        null as location_id,

        ---------- facts
        order_kind,
        case
            when not is_captured then 'cancelled'
            when reversed_minor >= gross_minor and gross_minor > 0 then 'refunded'
            else 'paid'
        end as status,
        gross_minor / units_in_one as amount,
        upper(currency) as currency,
        reversed_minor / units_in_one as refunded_amount,
        null as cost_amount,
        null as audience,
        null as attributes,

        ---------- timestamps
        created_at as ordered_at,
        null as updated_at

    from priced

)

select * from final
