-- Grain: one audience x closed month with Net Promoter answers.
select
    cast(audience as string) as audience,
    cast(month as date) as month,
    cast(nps as double) as nps,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(n as bigint) as n,
    cast(n_eff as double) as n_eff,
    cast(status as string) as status,
    cast(interval_method as string) as interval_method,
    cast(response_rate as double) as response_rate,
    cast(response_rate_status as string) as response_rate_status
from {{ ref('fct_nps_months') }}
order by audience, month
