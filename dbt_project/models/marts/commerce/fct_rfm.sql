-- Grain: one customer with a paid order in the 365 days to a month end x that month end.
-- Bins are fifths of percent_rank, 5 the best: those who are alike share one, so bins need not be of
-- one size. Never published row by row; minors have no row, nor has who is not to be sold to.
with

orders as (

    select * from {{ ref('int_orders__money') }}
    where order_kind = 'order' and family = 'customer' and person_id is not null

),

moments as (

    select * from {{ ref('int_metric_moments') }}

),

-- Fans who are not to be converted, and whoever else told an account that they are not to be sold to.
not_to_be_sold_to as (

    select person_id from {{ ref('int_person_consents') }}
    where purpose = 'sales' and state = 'refused'

),

persons as (

    select persons.person_id
    from {{ ref('int_persons') }} as persons
    left join not_to_be_sold_to on persons.person_id = not_to_be_sold_to.person_id
    where not persons.is_minor and not_to_be_sold_to.person_id is null

),

stood as (

    select * from {{ ref('int_persons__stood_as') }}
    where family = 'customer'

),

-- What was paid back is no order more; what was left of it is money.
customers as (

    select
        orders.person_id,
        moments.moment,
        min(date_diff('day', orders.ordered_on, moments.moment) - 1)
        filter (where orders.status = 'paid') as recency_days,
        count(*) filter (where orders.status = 'paid') as orders,
        case when count(*) = count(orders.net_revenue) then sum(orders.net_revenue) end
            as net_revenue
    from orders
    inner join persons on orders.person_id = persons.person_id
    inner join moments
        on
            orders.ordered_on < moments.moment
            and orders.ordered_on >= moments.moment - 365
    group by orders.person_id, moments.moment
    having count(*) filter (where orders.status = 'paid') > 0

),

-- Whose money is not known is not ranked by it and does not count among those who are. Sums that
-- differ by the order of adding are alike.
ranked as (

    select
        customers.*,
        rank() over (by_month order by customers.recency_days desc) - 1 as recency_below,
        rank() over (by_month order by customers.orders asc) - 1 as frequency_below,
        rank() over (by_month order by round(customers.net_revenue, 6) asc nulls last) - 1
            as monetary_below,
        count(*) over by_month - 1 as others,
        count(customers.net_revenue) over by_month - 1 as others_with_money
    from customers
    window by_month as (partition by customers.moment)

),

final as (

    select
        ---------- keys
        ranked.person_id,
        cast(ranked.moment - 1 as date) as month_end,

        ---------- facts
        coalesce(stood.audience, 'unassigned') as audience,
        ranked.recency_days,
        ranked.orders,
        ranked.net_revenue,

        -- percent_rank is those below over all others; in whole numbers no bin is lost to rounding.
        least(coalesce(5 * ranked.recency_below // nullif(ranked.others, 0), 0) + 1, 5)
            as recency_bin,
        least(coalesce(5 * ranked.frequency_below // nullif(ranked.others, 0), 0) + 1, 5)
            as frequency_bin,
        case
            when ranked.net_revenue is not null
                then least(
                    coalesce(5 * ranked.monetary_below // nullif(ranked.others_with_money, 0), 0)
                    + 1,
                    5
                )
        end as monetary_bin

    from ranked

    left join stood
        on
            ranked.person_id = stood.person_id
            and ranked.moment = stood.moment

)

select * from final
