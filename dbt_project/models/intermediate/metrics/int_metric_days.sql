-- Grain: one additive metric x audience x segment x day (or wave, or snapshot, protected or not).
-- The sufficient statistics from which any period is added up; its spread over persons is not.
with

summed as (

    select
        series_key,
        anchor_key,
        is_protected,
        observed_on,
        wave_opened_on,
        wave_closed_on,
        snapshot_date,
        min(scale_key) as first_scale,
        max(scale_key) as last_scale,
        min(scale_min) as scale_min,
        max(scale_max) as scale_max,
        {{ value_sums() }},
        count(weight) as weighted_n,
        sum(weight) as weight_total,
        sum(weight * weight) as weight_squares,
        sum(weight * value) as weighted_total
    from {{ ref('int_metric_observations') }}
    group by
        series_key,
        anchor_key,
        is_protected,
        observed_on,
        wave_opened_on,
        wave_closed_on,
        snapshot_date

),

final as (

    select
        series.counted as metric,
        series.audience,
        series.segment,
        summed.*
    from summed
    inner join {{ ref('int_metric_series') }} as series on summed.series_key = series.series_key

)

select * from final
