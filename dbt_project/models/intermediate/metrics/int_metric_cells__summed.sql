-- Grain: one metric x audience x segment x period, of what is summed over persons.
-- n_eff = n / max(1, deff), deff by ratio linearisation over persons; where every answer carries a
-- weight, n is replaced by Kish's (domain, interval rule a). A ratio is of sums and its error that
-- of its linearised residuals, so it is worth its persons.
-- A metric that leaves the scale open is made per question and scale: a cell that would pool two
-- is not made.
with

person_periods as (

    select
        person_periods.*,
        metrics.statistic
    from {{ ref('int_metric_person_periods') }} as person_periods
    inner join {{ ref('metrics') }} as metrics
        on person_periods.metric = metrics.metric

),

sums as (

    select
        metric,
        audience,
        segment,
        period_kind,
        period_start,
        period_end,
        statistic,
        bool_or(is_protected) as is_protected,
        count(*) as persons,
        count(*) filter (where total > 0) as persons_counted,
        sum(n) as n,
        sum(exposure) as exposure,
        sum(total) as total,
        sum(total_squares) as total_squares,
        sum(positives) as positives,
        sum(negatives) as negatives,
        sum(weighted_n) as weighted_n,
        sum(weighted_total) / nullif(sum(weight_total), 0) as weighted_mean,
        case
            when sum(weighted_n) = sum(n)
                then pow(sum(weight_total), 2) / nullif(sum(weight_squares), 0)
        end as kish_n,
        min(scale_min) as scale_min,
        max(scale_max) as scale_max,
        sum(total) / sum(exposure) as mean
    from person_periods
    group by all
    having
        sum(exposure) > 0
        and (
            min(first_scale) = max(last_scale)
            or metric not in (
                select metric from {{ ref('metrics') }}
                where statistic = 'bounded_mean' and scale_min is null
            )
        )

),

residuals as (

    select
        sums.metric,
        sums.audience,
        sums.segment,
        sums.period_kind,
        sums.period_start,
        sum(pow(person_periods.total - sums.mean * person_periods.exposure, 2)) as residual_squares
    from person_periods
    inner join sums
        on
            person_periods.metric = sums.metric
            and person_periods.audience = sums.audience
            and person_periods.segment = sums.segment
            and person_periods.period_kind = sums.period_kind
            and person_periods.period_start = sums.period_start
    group by all

),

variances as (

    select
        sums.*,
        residuals.residual_squares / (sums.exposure * sums.exposure)
        * sums.persons / nullif(sums.persons - 1, 0) as cluster_variance,
        greatest(sums.total_squares / sums.n - sums.mean * sums.mean, 0.0)
        / nullif(sums.n - 1, 0) as plain_variance
    from sums
    inner join residuals
        on
            sums.metric = residuals.metric
            and sums.audience = residuals.audience
            and sums.segment = residuals.segment
            and sums.period_kind = residuals.period_kind
            and sums.period_start = residuals.period_start

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
