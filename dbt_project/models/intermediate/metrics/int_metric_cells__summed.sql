-- Grain: one metric x audience x segment x period, of what is summed over persons.
with

added_up as (

    select
        days.series_key,
        placements.period_key,
        any_value(days.metric) as metric,
        any_value(days.audience) as audience,
        any_value(days.segment) as segment,
        any_value(placements.period_kind) as period_kind,
        any_value(placements.period_start) as period_start,
        max(placements.period_end) as period_end,
        bool_or(days.is_protected) as is_protected,
        bool_or(days.has_unknown) as has_unknown,
        min(days.first_scale) as first_scale,
        max(days.last_scale) as last_scale,
        sum(days.n) as n,
        sum(days.exposure) as exposure,
        sum(days.total) as total,
        sum(days.total_squares) as total_squares,
        sum(days.positives) as positives,
        sum(days.negatives) as negatives,
        sum(days.weighted_n) as weighted_n,
        sum(days.weight_total) as weight_total,
        sum(days.weight_squares) as weight_squares,
        sum(days.weighted_total) as weighted_total,
        min(days.scale_min) as scale_min,
        max(days.scale_max) as scale_max
    from {{ ref('int_metric_days') }} as days
    inner join {{ ref('int_metric_placements') }} as placements
        on
            days.metric = placements.metric
            and days.anchor_key = placements.anchor_key
    group by days.series_key, placements.period_key

),

stood as (

    select
        series_key,
        period_key,
        any_value(metric) as metric,
        any_value(audience) as audience,
        any_value(segment) as segment,
        any_value(period_kind) as period_kind,
        any_value(period_start) as period_start,
        max(period_end) as period_end,
        false as is_protected,
        bool_or(is_unknown) as has_unknown,
        count(*) as n,
        sum(exposure) as exposure,
        sum(value) as total,
        sum(value * value) as total_squares,
        count(*) filter (where value > 0) as positives,
        count(*) filter (where value < 0) as negatives,
        0 as weighted_n
    from {{ ref('int_metric_segmented_standings') }}
    group by series_key, period_key

),

sums as (

    select * from added_up
    union all by name
    select * from stood

),

final as (

    {{ weighed_cells('sums', person_periods(), ['series_key', 'period_key']) }}

)

select * from final
