-- Grain: one metric x audience x segment x period with its value, interval and sizes; before
-- status and suppression.
with

cells as (

    select
        sums.*,
        resampled.low as resampled_low,
        resampled.high as resampled_high,
        resampled.std_error as resampled_error
    from {{ ref('int_metric_cells__summed') }} as sums
    left join {{ ref('int_metric_resamples') }} as resampled
        on
            sums.series_key = resampled.series_key
            and sums.period_key = resampled.period_key

),

summed as (

    select
        metric,
        audience,
        segment,
        series_key,
        period_key,
        period_kind,
        period_start,
        period_end,
        is_protected,
        has_unknown,
        persons,
        persons_counted,
        value,
        total as numerator,
        total_squares,
        exposure as denominator,
        n,
        n_eff,
        low,
        high,
        std_error_of_value as std_error,
        value_weighted
    from ({{ estimated_cells('cells') }}) as estimated

),

waited as (

    select
        metric,
        audience,
        segment,
        series_key,
        period_key,
        period_kind,
        period_start,
        period_end,
        is_protected,
        false as has_unknown,
        persons,
        persons_counted,
        value,
        cast(struck as double) as numerator,
        cast(null as double) as total_squares,
        cast(n as double) as denominator,
        n,
        n_eff,
        low,
        high,
        (high - low) / (2 * 1.959964) as std_error,
        cast(null as double) as value_weighted
    from {{ ref('int_metric_cells__quantile') }}

),

final as (

    select * from summed
    union all
    select * from waited

)

select * from final
