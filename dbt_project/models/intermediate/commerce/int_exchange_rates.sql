-- Grain: one currency x stretch of days on which one rate holds, half-open.
-- A rate holds until the next one of its currency, and no longer than a year: one that was forgotten
-- must not price the orders of years to come.
with

rates as (

    select * from {{ ref('exchange_rates') }}
    where currency <> '{{ var("reporting_currency") }}'

),

final as (

    select
        rates.currency,
        rates.valid_from,
        cast(least(
            rates.valid_from + interval 366 day,
            lead(rates.valid_from) over (
                partition by rates.currency order by rates.valid_from asc
            )
        ) as date) as valid_to,
        rates.rate
    from rates

    union all

    select
        '{{ var("reporting_currency") }}' as currency,
        date '1900-01-01' as valid_from,
        date '9999-12-31' as valid_to,
        1.0 as rate

)

select * from final
