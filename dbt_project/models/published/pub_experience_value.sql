-- Grain: one audience x year x class of the NPS answer.
select
    cast(audience as string) as audience,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(answer_class as string) as answer_class,
    cast(people as bigint) as people,
    cast(people_active as bigint) as people_active,
    cast(retention as double) as retention,
    cast(retention_low as double) as retention_low,
    cast(retention_high as double) as retention_high,
    cast(retention_status as string) as retention_status,
    cast(revenue as double) as revenue,
    cast(revenue_low as double) as revenue_low,
    cast(revenue_high as double) as revenue_high,
    cast(basis as string) as basis,
    cast(status as string) as status
from {{ ref('fct_experience_value') }}
order by audience, period_start, answer_class
