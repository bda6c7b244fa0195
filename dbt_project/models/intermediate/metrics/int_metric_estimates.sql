-- Grain: one metric x audience x segment x period with its value, interval and sizes; before
-- status and suppression. Interval formulas: domain, interval rules a to e.
with

metrics as (

    select * from {{ ref('metrics') }}

),

sums as (

    select * from {{ ref('int_metric_cells__summed') }}

),

resampled as (

    select * from {{ ref('int_metric_resamples') }}

),

prepared as (

    select
        sums.*,
        metrics.interval_method,
        -- NPS counts hundredths, advocacy acts per hundred members.
        case when metrics.unit in ('score', 'per_hundred') then 100.0 else 1.0 end as factor,
        resampled.low as resampled_low,
        resampled.high as resampled_high,
        resampled.std_error as resampled_error,
        sums.positives / sums.n as share_positive,
        sums.negatives / sums.n as share_negative,
        sums.total_squares / sums.n as mean_square
    from sums
    inner join metrics on sums.metric = metrics.metric
    left join resampled
        on
            sums.series_key = resampled.series_key
            and sums.period_key = resampled.period_key

),

intervals as (

    select
        prepared.*,
        {{ interval_by_statistic('center') }} as center,
        {{ interval_by_statistic('std_error') }} as std_error
    from prepared

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
        -- A sum of what is known would look like the sum of all.
        case
            when has_unknown then null
            when statistic = 'total' then total
            else mean
        end * factor as value,
        total as numerator,
        total_squares,
        exposure as denominator,
        n,
        n_eff,
        {{ interval_bound('-') }} * factor as low,
        {{ interval_bound('+') }} * factor as high,
        std_error * factor as std_error,
        case when weighted_n = n then weighted_mean * factor end as value_weighted
    from intervals

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
