-- Grain: one audience of fans x quarter x whether they had ever bought.
{%- set metrics = [
    'fan_engagement_without_purchase',
    'superfan_share',
    'advocacy_per_hundred',
    'nps',
] %}
select
    cast(audience as string) as audience,
    cast(quarter_start as date) as quarter_start,
    cast(quarter_end as date) as quarter_end,
    cast(buys as string) as buys,
    {%- for metric in metrics %}
        cast({{ metric }} as double) as {{ metric }},
        cast({{ metric }}_n as bigint) as {{ metric }}_n,
        cast({{ metric }}_low as double) as {{ metric }}_low,
        cast({{ metric }}_high as double) as {{ metric }}_high,
        cast({{ metric }}_status as string) as {{ metric }}_status,
    {%- endfor %}
    cast(source_lag_minutes as bigint) as source_lag_minutes
from {{ ref('fct_fans_by_purchase') }}
order by audience, quarter_start, buys
