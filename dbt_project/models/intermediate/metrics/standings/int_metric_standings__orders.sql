-- Grain: one role x person x audience x period with at least one paid order.
with

orders as (

    select * from {{ ref('int_metric_events__orders') }}
    where
        role = 'order'
        -- Nobody can be told apart from somebody else who is unknown.
        and person_id is not null

),

periods as (

    select * from {{ ref('int_metric_standing_periods') }}
    where role in ('repeat_order', 'order_frequency')

),

windows as (

    select distinct
        period_kind,
        period_start,
        period_end
    from periods

),

-- Counted once, whichever role asks; by source first, of which there are few.
by_source as (

    select
        orders.audience,
        orders.family,
        orders.person_id,
        orders.source,
        windows.period_kind,
        windows.period_start,
        count(*) as orders
    from orders
    inner join windows
        on
            orders.observed_on >= windows.period_start
            and orders.observed_on < windows.period_end
    group by
        orders.audience,
        orders.family,
        orders.person_id,
        orders.source,
        windows.period_kind,
        windows.period_start

),

counted as (

    select
        audience,
        family,
        person_id,
        period_kind,
        period_start,
        {{ source_names('source') }} as sources,
        sum(orders) as orders
    from by_source
    group by audience, family, person_id, period_kind, period_start

),

final as (

    select
        periods.role,
        counted.audience,
        counted.family,
        counted.person_id,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        counted.sources,
        case
            when periods.role = 'order_frequency' then cast(counted.orders as double)
            when counted.orders >= 2 then 1.0
            else 0.0
        end as value
    from counted
    inner join periods
        on
            counted.period_kind = periods.period_kind
            and counted.period_start = periods.period_start

)

select * from final
