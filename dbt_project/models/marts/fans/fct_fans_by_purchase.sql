-- Grain: one audience of fans x quarter x whether they had ever bought, with what is known of them side by
-- side: engagement, superfans, advocacy, NPS.
-- Out of the metric values alone: what is suppressed there is null here, and says so.
{%- set metrics = [
    'fan_engagement_without_purchase',
    'superfan_share',
    'advocacy_per_hundred',
    'nps',
] %}
with

metric_values as (

    select
        metric_values.*,
        replace(metric_values.segment, 'buys=', '') as buys
    from {{ ref('fct_metric_values') }} as metric_values
    inner join {{ ref('int_audiences__tree') }} as tree
        on metric_values.audience = tree.audience
    where
        metric_values.period_kind = 'quarter'
        and metric_values.segment in ('buys=no', 'buys=yes')
        and tree.family = 'fan'
        and metric_values.metric in (
            {%- for metric in metrics -%}
                '{{ metric }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
        )

),

final as (

    select
        ---------- keys
        audience,
        period_start as quarter_start,
        period_end as quarter_end,
        buys,

        ---------- each metric with its size, interval and status
        {{ side_by_side(metrics, {
            '': 'value', '_n': 'n', '_low': 'low', '_high': 'high', '_status': 'status',
        }) }}

        ---------- how late
        max(source_lag_minutes) as source_lag_minutes

    from metric_values
    group by audience, period_start, period_end, buys

)

select * from final
