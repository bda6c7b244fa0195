-- Grain: one audience x quarter x segment with a figure of the closed loop, side by side.
{%- set metrics = [
    'follow_up_coverage',
    'follow_up_in_time',
    'follow_up_minutes_p50',
    'follow_up_minutes_p50_business',
    'follow_up_reopen_rate',
] %}
select
    cast(audience as string) as audience,
    cast(quarter_start as date) as quarter_start,
    cast(quarter_end as date) as quarter_end,
    cast(segment as string) as segment,
    {%- for metric in metrics %}
        cast({{ metric }} as double) as {{ metric }},
        cast({{ metric }}_n as bigint) as {{ metric }}_n,
        cast({{ metric }}_low as double) as {{ metric }}_low,
        cast({{ metric }}_high as double) as {{ metric }}_high,
        cast({{ metric }}_status as string) as {{ metric }}_status,
    {%- endfor %}
    cast(source_lag_minutes as bigint) as source_lag_minutes
from {{ ref('fct_closed_loop') }}
order by audience, quarter_start, segment
