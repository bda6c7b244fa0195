-- Grain: one audience x quarter x segment with a figure of the closed loop, side by side.
-- Out of the metric values alone: what is suppressed there is null here, and says so.
{%- set metrics = [
    'follow_up_coverage',
    'follow_up_in_time',
    'follow_up_minutes_p50',
    'follow_up_minutes_p50_business',
    'follow_up_reopen_rate',
] %}
with

metric_values as (

    select * from {{ ref('fct_metric_values') }}
    where period_kind = 'quarter'

),

final as (

    select
        ---------- keys
        audience,
        period_start as quarter_start,
        period_end as quarter_end,
        segment,

        ---------- each metric with its size, interval and status
        {%- for metric in metrics %}
            max(case when metric = '{{ metric }}' then value end) as {{ metric }},
            max(case when metric = '{{ metric }}' then n end) as {{ metric }}_n,
            max(case when metric = '{{ metric }}' then low end) as {{ metric }}_low,
            max(case when metric = '{{ metric }}' then high end) as {{ metric }}_high,
            max(case when metric = '{{ metric }}' then status end) as {{ metric }}_status,
        {%- endfor %}

        ---------- how late
        max(source_lag_minutes) as source_lag_minutes

    from metric_values
    where
        metric in (
            {%- for metric in metrics -%}
                '{{ metric }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
        )
    group by audience, period_start, period_end, segment

)

select * from final
