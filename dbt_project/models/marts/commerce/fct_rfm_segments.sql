-- Grain: one month end x recency bin x frequency bin, with how many customers are in it.
-- Fewer than the minimum group are hidden, and with them the next smallest until those hidden together
-- are enough: how many customers there are is published elsewhere.
with

customers as (

    select * from {{ ref('fct_rfm') }}

),

least_shown as (

    select max(greatest(coalesce(minimum_group, 5), 5)) as minimum_group
    from {{ ref('audiences') }}
    where family = 'customer'

),

segments as (

    select
        month_end,
        recency_bin,
        frequency_bin,
        count(*) as customers,
        case when count(*) = count(net_revenue) then sum(net_revenue) end as net_revenue
    from customers
    group by month_end, recency_bin, frequency_bin

),

placed as (

    select
        segments.*,
        least_shown.minimum_group,
        segments.customers < least_shown.minimum_group as is_small,
        bool_or(segments.customers < least_shown.minimum_group) over (
            partition by segments.month_end
        ) as has_small,
        coalesce(sum(segments.customers) over (
            partition by segments.month_end
            order by segments.customers asc, segments.recency_bin asc, segments.frequency_bin asc
            rows between unbounded preceding and 1 preceding
        ), 0) as in_smaller
    from segments
    cross join least_shown

),

judged as (

    select
        placed.*,
        placed.is_small
        or (placed.has_small and placed.in_smaller < placed.minimum_group) as is_suppressed
    from placed

),

final as (

    select
        judged.month_end,
        judged.recency_bin,
        judged.frequency_bin,
        case when not judged.is_suppressed then judged.customers end as customers,
        case when not judged.is_suppressed then judged.net_revenue end as net_revenue,
        judged.is_suppressed
    from judged

)

select * from final
