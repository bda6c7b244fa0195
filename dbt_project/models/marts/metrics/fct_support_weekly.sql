-- Grain: one audience x week with a published support metric, its values side by side.
-- Out of the metric values alone: what is suppressed there is null here, and says so.
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
with

metric_values as (

    select * from {{ ref('fct_metric_values') }}
    where period_kind = 'week' and segment = 'all'

),

final as (

    select
        ---------- keys
        audience,
        period_start as week_start,
        period_end as week_end,

        ---------- volume
        max(case when metric = 'first_response_minutes_p50' then n end) as tickets,

        ---------- each metric with its size and status
        {{ side_by_side(metrics, {'': 'value', '_n': 'n', '_status': 'status'}) }}

        ---------- how late
        max(source_lag_minutes) as source_lag_minutes

    from metric_values
    where
        metric in (
            {%- for metric in metrics -%}
                '{{ metric }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
        )
    group by audience, period_start, period_end

)

select * from final
