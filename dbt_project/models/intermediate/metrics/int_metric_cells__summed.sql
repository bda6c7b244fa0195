-- Grain: one metric x audience x segment x period, of what is summed over persons.
-- n_eff = n / max(1, deff), deff by ratio linearisation over persons; where every answer carries a
-- weight, n is replaced by Kish's (domain, interval rule a). A ratio is of sums and its error that
-- of its linearised residuals, so it is worth its persons.
-- A metric that leaves the scale open is made per question and scale: a cell that would pool two
-- is not made.
with

metrics as (

    select
        metric,
        statistic,
        statistic = 'bounded_mean' and scale_min is null as is_of_one_scale
    from {{ ref('metrics') }}

),

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
        sum(days.weighted_total) / nullif(sum(days.weight_total), 0) as weighted_mean,
        case
            when sum(days.weighted_n) = sum(days.n)
                then pow(sum(days.weight_total), 2) / nullif(sum(days.weight_squares), 0)
        end as kish_n,
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

-- Of the persons' own sums T and exposures E what the residuals T - mean x E need.
persons as (

    select
        series_key,
        period_key,
        count(*) as persons,
        count(*) filter (where total > 0) as persons_counted,
        sum(total * total) as total_products,
        sum(total * exposure) as cross_products,
        sum(exposure * exposure) as exposure_products
    from ({{ person_periods() }}) as person_periods
    group by series_key, period_key

),

variances as (

    select
        sums.*,
        metrics.statistic,
        persons.persons,
        persons.persons_counted,
        sums.total / sums.exposure as mean,
        greatest(
            persons.total_products
            - 2 * sums.total / sums.exposure * persons.cross_products
            + pow(sums.total / sums.exposure, 2) * persons.exposure_products,
            0.0
        ) / (sums.exposure * sums.exposure)
        * persons.persons / nullif(persons.persons - 1, 0) as cluster_variance,
        greatest(sums.total_squares / sums.n - pow(sums.total / sums.n, 2), 0.0)
        / nullif(sums.n - 1, 0) as plain_variance
    from sums
    inner join persons
        on
            sums.series_key = persons.series_key
            and sums.period_key = persons.period_key
    inner join metrics on sums.metric = metrics.metric
    where
        sums.exposure > 0
        and (
            not metrics.is_of_one_scale
            or sums.first_scale is not distinct from sums.last_scale
        )

),

final as (

    select
        variances.* exclude (kish_n, plain_variance),
        -- Where all answers are alike the design effect is 0 / 0: count persons then.
        coalesce(variances.kish_n, variances.n) / case
            when variances.statistic in ('ratio', 'total') then variances.n / variances.persons
            when variances.plain_variance > 1e-12 and variances.persons > 1
                then greatest(variances.cluster_variance / variances.plain_variance, 1.0)
            else variances.n / variances.persons
        end as n_eff
    from variances

)

select * from final
