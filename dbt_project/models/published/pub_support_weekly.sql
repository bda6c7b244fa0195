-- Grain: one audience x week with a published support metric, its values side by side.
{%- set metrics = [
    'first_response_minutes_p50',
    'first_response_minutes_p90',
    'resolution_minutes_p50',
    'one_touch_rate',
    'first_contact_resolution',
    'reopen_rate',
    'sla_attainment',
    'backlog',
] %}
select
    cast(audience as string) as audience,
    cast(week_start as date) as week_start,
    cast(week_end as date) as week_end,
    cast(tickets as bigint) as tickets,
    {%- for metric in metrics %}
        cast({{ metric }} as double) as {{ metric }},
        cast({{ metric }}_n as bigint) as {{ metric }}_n,
        cast({{ metric }}_status as string) as {{ metric }}_status,
    {%- endfor %}
    cast(source_lag_minutes as bigint) as source_lag_minutes
from {{ ref('fct_support_weekly') }}
order by audience, week_start
