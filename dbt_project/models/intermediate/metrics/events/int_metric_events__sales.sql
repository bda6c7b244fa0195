-- Grain: one sale x what is counted of it: its net revenue or its margin.
with

sales as (

    select * from {{ ref('int_orders__money') }}

),

counted as (

    select
        'net_revenue' as role,
        sales.net_revenue as value,
        sales.*
    from sales

    union all

    select
        'margin' as role,
        sales.margin as value,
        sales.*
    from sales

),

final as (

    select
        'sale' as event,
        counted.role,
        counted.role || ':' || counted.order_id as event_id,
        counted.source,
        counted.audience,
        counted.family,
        counted.person_id,
        counted.account_id,
        counted.order_id as record_id,
        counted.value,
        counted.value is null as is_unknown,
        counted.ordered_on as observed_on,
        coalesce(counted.attributes, '{}') as dimensions
    from counted

)

select * from final
