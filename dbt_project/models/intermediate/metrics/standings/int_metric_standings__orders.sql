-- Grain: one role x person x audience x period with at least one paid order.
with

orders as (

    select * from {{ ref('int_metric_events') }}
    where
        event = 'order'
        and role = 'order'
        -- Nobody can be told apart from somebody else who is unknown.
        and person_id is not null

),

periods as (

    select * from {{ ref('int_metric_standing_periods') }}
    where role in ('repeat_order', 'order_frequency')

),

final as (

    select
        periods.role,
        orders.audience,
        orders.family,
        orders.person_id,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        list(distinct orders.source) as sources,
        case
            when periods.role = 'order_frequency' then cast(count(*) as double)
            when count(*) >= 2 then 1.0
            else 0.0
        end as value
    from orders
    inner join periods
        on
            orders.observed_on >= periods.period_start
            and orders.observed_on < periods.period_end
    group by
        periods.role,
        orders.audience,
        orders.family,
        orders.person_id,
        periods.period_kind,
        periods.period_start,
        periods.period_end

)

select * from final
