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
        {{ side_by_side(metrics, {
            '': 'value', '_n': 'n', '_low': 'low', '_high': 'high', '_status': 'status',
        }) }}

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
