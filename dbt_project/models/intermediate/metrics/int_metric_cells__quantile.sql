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

-- A number for each cell: the curves are sorted by it many times over.
cells as (

    select
        waits.metric,
        waits.audience,
        waits.segment,
        waits.period_kind,
        waits.period_start,
        waits.period_end,
        metrics.share,
        row_number() over () as cell
    from waits
    inner join metrics on waits.metric = metrics.metric
    group by all

),

numbered as (

    select
        cells.cell,
        cells.share,
        waits.cluster_id,
        waits.value,
        waits.has_struck
    from waits
    inner join cells
        on
            waits.metric = cells.metric
            and waits.audience = cells.audience
            and waits.segment = cells.segment
            and waits.period_kind = cells.period_kind
            and waits.period_start = cells.period_start

),

times as (

    select
        cell,
        share,
        value,
        count(*) filter (where has_struck) as struck,
        count(*) as gone
    from numbered
    group by cell, share, value

),

at_risk as (

    select
        times.*,
        sum(times.gone) over (
            partition by times.cell
            order by times.value asc
            rows between current row and unbounded following
        ) as at_risk
    from times

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
        partition by at_risk.cell
        order by at_risk.value asc
        rows between unbounded preceding and current row
    )

),

quantiles as (

    select
        cell,
        share,
        min(value) filter (where reached >= share - 1e-12) as quantile
    from curve
    group by cell, share

),

-- Where the curve is still or already flat its variance is none: the last known size holds.
exposures as (

    select
        quantiles.cell,
        coalesce(
            arg_max(
                curve.reached / nullif((1.0 - curve.reached) * curve.greenwood, 0.0),
                curve.value
            ),
            min(curve.at_risk)
        ) as exposed
    from quantiles
    inner join curve
        on
            quantiles.cell = curve.cell
            and quantiles.quantile >= curve.value
    group by quantiles.cell

),

clusters as (

    select
        numbered.cell,
        numbered.cluster_id,
        count(*) as n,
        count(*) filter (where numbered.has_struck) as struck,
        count(*) filter (where numbered.has_struck and numbered.value <= quantiles.quantile)
            as within
    from numbered
    inner join quantiles on numbered.cell = quantiles.cell
    group by numbered.cell, numbered.cluster_id

),

shares as (

    select
        cell,
        count(*) as persons,
        sum(n) as n,
        sum(struck) as struck,
        sum(within) / sum(n) as share_within
    from clusters
    group by cell

),

residuals as (

    select
        clusters.cell,
        sum(pow(clusters.within - shares.share_within * clusters.n, 2)) as residual_squares
    from clusters
    inner join shares on clusters.cell = shares.cell
    group by clusters.cell

),

variances as (

    select
        shares.*,
        residuals.residual_squares / (shares.n * shares.n)
        * shares.persons / nullif(shares.persons - 1, 0) as cluster_variance,
        shares.share_within * (1 - shares.share_within) / nullif(shares.n - 1, 0)
            as plain_variance
    from shares
    inner join residuals on shares.cell = residuals.cell

),

designs as (

    select
        variances.*,
        -- Where all are within or none the design effect is 0 / 0: count persons then.
        case
            when variances.plain_variance > 0 and variances.persons > 1
                then greatest(variances.cluster_variance / variances.plain_variance, 1.0)
            else variances.n / variances.persons
        end as design_effect
    from variances

),

margins as (

    select
        designs.*,
        quantiles.share,
        quantiles.quantile,
        1.959964 * sqrt(
            quantiles.share * (1.0 - quantiles.share) * designs.design_effect / exposures.exposed
        ) as margin
    from designs
    inner join quantiles on designs.cell = quantiles.cell
    left join exposures on designs.cell = exposures.cell

),

bounds as (

    select
        margins.cell,
        min(curve.value) filter (where curve.reached >= margins.share - margins.margin - 1e-12)
            as low,
        min(curve.value) filter (where curve.reached >= margins.share + margins.margin - 1e-12)
            as high
    from margins
    inner join curve on margins.cell = curve.cell
    group by margins.cell

),

final as (

    select
        cells.metric,
        cells.audience,
        cells.segment,
        cells.period_kind,
        cells.period_start,
        cells.period_end,
        false as is_protected,
        margins.persons,
        margins.persons as persons_counted,
        margins.n,
        margins.struck,
        margins.n / margins.design_effect as n_eff,
        margins.quantile as value,
        case when margins.margin >= margins.share then 0.0 else bounds.low end as low,
        bounds.high
    from cells
    inner join margins on cells.cell = margins.cell
    inner join bounds on cells.cell = bounds.cell

)

select * from final
