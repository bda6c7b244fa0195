-- Grain: one month end x recency bin x frequency bin, with how many customers are in it.
select
    cast(month_end as date) as month_end,
    cast(recency_bin as bigint) as recency_bin,
    cast(frequency_bin as bigint) as frequency_bin,
    cast(customers as bigint) as customers,
    cast(net_revenue as double) as net_revenue,
    cast(is_suppressed as boolean) as is_suppressed
from {{ ref('fct_rfm_segments') }}
order by month_end, recency_bin, frequency_bin
