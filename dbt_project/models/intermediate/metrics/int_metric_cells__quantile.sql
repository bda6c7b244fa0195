-- Grain: one metric x audience x segment x period, of waiting times with censoring.
-- Kaplan-Meier quantile; interval by Woodruff: the share plus or minus its error, read back from
-- the curve. The error is that of a share of `exposed` tickets (times the design effect over
-- persons): as many uncensored ones as would give Greenwood's variance. Below the first wait the
-- interval reaches to 0, beyond the last it is open.
with

metrics as (

    select
        metric,
        cast(statistic as double) as share
    from {{ ref('metrics') }}
    where kind = 'quantile'

),

waits as (

    select
        observations.metric,
        observations.audience,
        observations.segment,
        placements.period_kind,
        placements.period_start,
        placements.period_end,
        observations.cluster_id,
        observations.value,
        observations.has_struck
    from {{ ref('int_metric_observations') }} as observations
    inner join {{ ref('int_metric_placements') }} as placements
        on
            observations.metric = placements.metric
            and observations.is_protected = placements.is_protected
            and observations.observed_on = placements.observed_on
            and observations.snapshot_date is not distinct from placements.snapshot_date
    where observations.kind = 'quantile'

),

times as (

    select
        metric,
        audience,
        segment,
        period_kind,
        period_start,
        value,
        count(*) filter (where has_struck) as struck,
        count(*) as gone
    from waits
    group by all

),

at_risk as (

    select
        times.*,
        sum(times.gone) over cell_from_here as at_risk
    from times
    window cell_from_here as (
        partition by
            times.metric, times.audience, times.segment, times.period_kind, times.period_start
        order by times.value asc
        rows between current row and unbounded following
    )

),

curve as (

    select
        at_risk.*,
        1.0 - product(1.0 - at_risk.struck / at_risk.at_risk) over cell_to_here as reached,
        sum(
            at_risk.struck
            / nullif(at_risk.at_risk * (at_risk.at_risk - at_risk.struck), 0)
        ) over cell_to_here as greenwood
    from at_risk
    window cell_to_here as (
        partition by
            at_risk.metric, at_risk.audience, at_risk.segment,
            at_risk.period_kind, at_risk.period_start
        order by at_risk.value asc
        rows between unbounded preceding and current row
    )

),

-- Where the curve is still or already flat its variance is none: the last known size holds.
exposures as (

    select
        curve.*,
        coalesce(
            last_value(
                curve.reached / nullif((1.0 - curve.reached) * curve.greenwood, 0.0) ignore nulls
            ) over cell_to_here,
            curve.at_risk
        ) as exposed
    from curve
    window cell_to_here as (
        partition by
            curve.metric, curve.audience, curve.segment, curve.period_kind, curve.period_start
        order by curve.value asc
        rows between unbounded preceding and current row
    )

),

quantiles as (

    select
        exposures.metric,
        exposures.audience,
        exposures.segment,
        exposures.period_kind,
        exposures.period_start,
        metrics.share,
        min(exposures.value) filter (where exposures.reached >= metrics.share - 1e-12)
            as quantile,
        arg_min(exposures.exposed, exposures.value)
            filter (where exposures.reached >= metrics.share - 1e-12) as exposed
    from exposures
    inner join metrics on exposures.metric = metrics.metric
    group by all

),

clusters as (

    select
        waits.metric,
        waits.audience,
        waits.segment,
        waits.period_kind,
        waits.period_start,
        waits.period_end,
        waits.cluster_id,
        count(*) as n,
        count(*) filter (where waits.has_struck) as struck,
        count(*) filter (where waits.has_struck and waits.value <= quantiles.quantile) as within
    from waits
    inner join quantiles
        on
            waits.metric = quantiles.metric
            and waits.audience = quantiles.audience
            and waits.segment = quantiles.segment
            and waits.period_kind = quantiles.period_kind
            and waits.period_start = quantiles.period_start
    group by all

),

shares as (

    select
        clusters.*,
        sum(clusters.within) over cell / sum(clusters.n) over cell as share_within
    from clusters
    window cell as (
        partition by
            clusters.metric, clusters.audience, clusters.segment,
            clusters.period_kind, clusters.period_start
    )

),

designs as (

    select
        metric,
        audience,
        segment,
        period_kind,
        period_start,
        period_end,
        count(*) as persons,
        sum(n) as n,
        sum(struck) as struck,
        case
            when count(*) > 1 and any_value(share_within) > 0 and any_value(share_within) < 1
                then greatest(
                    sum(pow(within - share_within * n, 2)) * count(*) / (count(*) - 1)
                    / (
                        sum(n) * sum(n) * any_value(share_within)
                        * (1 - any_value(share_within)) / nullif(sum(n) - 1, 0)
                    ),
                    1.0
                )
            else sum(n) / count(*)
        end as design_effect
    from shares
    group by all

),

bounds as (

    select
        quantiles.*,
        1.959964 * sqrt(
            quantiles.share * (1.0 - quantiles.share) * designs.design_effect / quantiles.exposed
        ) as margin
    from quantiles
    inner join designs
        on
            quantiles.metric = designs.metric
            and quantiles.audience = designs.audience
            and quantiles.segment = designs.segment
            and quantiles.period_kind = designs.period_kind
            and quantiles.period_start = designs.period_start

),

intervals as (

    select
        bounds.metric,
        bounds.audience,
        bounds.segment,
        bounds.period_kind,
        bounds.period_start,
        any_value(bounds.quantile) as value,
        case
            when any_value(bounds.share - bounds.margin) <= 0 then 0.0
            else min(curve.value) filter (where curve.reached >= bounds.share - bounds.margin - 1e-12)
        end as low,
        min(curve.value) filter (where curve.reached >= bounds.share + bounds.margin - 1e-12)
            as high
    from bounds
    inner join curve
        on
            bounds.metric = curve.metric
            and bounds.audience = curve.audience
            and bounds.segment = curve.segment
            and bounds.period_kind = curve.period_kind
            and bounds.period_start = curve.period_start
    group by all

),

final as (

    select
        designs.metric,
        designs.audience,
        designs.segment,
        designs.period_kind,
        designs.period_start,
        designs.period_end,
        false as is_protected,
        designs.persons,
        designs.persons as persons_counted,
        designs.n,
        designs.struck,
        designs.n / designs.design_effect as n_eff,
        intervals.value,
        intervals.low,
        intervals.high
    from designs
    inner join intervals
        on
            designs.metric = intervals.metric
            and designs.audience = intervals.audience
            and designs.segment = intervals.segment
            and designs.period_kind = intervals.period_kind
            and designs.period_start = intervals.period_start

)

select * from final
