-- Grain: one metric x audience x segment x period, of waiting times with censoring.
-- Kaplan-Meier quantile; interval by Woodruff: the share plus or minus its error, read back from
-- the curve. The error is that of a share of `exposed` tickets (times the design effect over
-- persons): as many uncensored ones as would give Greenwood's variance. Below the first wait the
-- interval reaches to 0, beyond the last it is open.
with

uses as (

    select distinct
        metric,
        curve,
        cut,
        periods
    from {{ ref('int_metric_uses') }}
    where kind = 'quantile'

),

shares as (

    select
        metric,
        cast(statistic as double) as share
    from {{ ref('metrics') }}
    where kind = 'quantile'

),

-- Where a curve's waits count: the periods of any of its metrics.
placements as (

    select distinct
        uses.curve,
        placements.anchor_key,
        placements.period_key
    from {{ ref('int_metric_placements') }} as placements
    inner join uses on placements.metric = uses.metric

),

periods as (

    select distinct
        period_key,
        period_kind,
        period_start,
        period_end
    from {{ ref('int_metric_placements') }}
    -- Waves that open on one day close on different ones; nobody waits in a wave.
    where period_kind <> 'wave'

),

series as (

    select
        series_key,
        any_value(curve) as curve,
        any_value(cut) as cut,
        any_value(audience) as audience,
        any_value(segment) as segment,
        row_number() over (order by series_key asc) as number
    from {{ ref('int_metric_waits') }}
    group by series_key

),

clusters as (

    {{ numbered_clusters(ref('int_metric_waits')) }}

),

-- One number a cell, and one a person: millions of rows are sorted and grouped by them many times.
placed as (

    select
        series.number * 1000000000 + placements.period_key as cell,
        clusters.number as cluster,
        waits.value,
        waits.has_struck
    from {{ ref('int_metric_waits') }} as waits
    inner join series on waits.series_key = series.series_key
    inner join clusters on waits.cluster_id = clusters.cluster_id
    inner join placements
        on
            waits.curve = placements.curve
            and waits.anchor_key = placements.anchor_key

),

-- Counts as doubles, which hold them exactly: a window adds them up in half the time of integers.
times as (

    select
        cell,
        value,
        cast(count(*) filter (where has_struck) as double) as struck,
        cast(count(*) as double) as gone
    from placed
    group by cell, value

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

accrued as (

    select
        at_risk.cell,
        at_risk.value,
        at_risk.at_risk,
        sum(at_risk.struck) over cell_to_here as struck_so_far,
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

-- `exposed`: as many uncensored waits as would give Greenwood's variance.
curve as (

    select
        cell,
        value,
        at_risk,
        struck_so_far,
        reached,
        reached / nullif((1.0 - reached) * greenwood, 0.0) as exposed
    from accrued

),

drawn as (

    select distinct cell
    from times

),

-- The metrics that read a curve of a cell, each at its share.
cells as (

    select
        shares.metric,
        shares.share,
        series.audience,
        series.segment,
        series.series_key,
        periods.period_key,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        series.number * 1000000000 + periods.period_key as cell
    from drawn
    inner join series on drawn.cell // 1000000000 = series.number
    inner join periods on drawn.cell % 1000000000 = periods.period_key
    inner join uses
        on
            series.curve = uses.curve
            and series.cut = uses.cut
            and list_contains(uses.periods, periods.period_kind)
    inner join shares on uses.metric = shares.metric

),

wanted as (

    select distinct
        cell,
        share
    from cells

),

-- Where the curve is still or already flat its variance is none: the last known size holds.
reached as (

    select
        wanted.cell,
        wanted.share,
        min(curve.value) filter (where curve.reached >= wanted.share - 1e-12) as quantile,
        arg_min(
            {
                'exposed': curve.exposed,
                'at_risk': curve.at_risk,
                'struck': curve.struck_so_far
            },
            curve.value
        ) filter (where curve.reached >= wanted.share - 1e-12) as there,
        arg_max(curve.exposed, curve.value) filter (
            where curve.reached < wanted.share - 1e-12
        ) as exposed_before,
        max(curve.at_risk) as n,
        max(curve.struck_so_far) as struck
    from wanted
    inner join curve on wanted.cell = curve.cell
    group by wanted.cell, wanted.share

),

-- Whoever waited once in a cell is one row of the curve, which has counted it. Those who waited
-- again are few, and are counted one by one.
several as (

    select
        cell,
        cluster
    from placed
    group by cell, cluster
    having count(*) > 1

),

shares_within as (

    select
        placed.cell,
        reached.share,
        count(*) as n,
        count(*) filter (where placed.has_struck and placed.value <= reached.quantile) as within
    from placed
    inner join several
        on
            placed.cell = several.cell
            and placed.cluster = several.cluster
    inner join reached on placed.cell = reached.cell
    group by placed.cell, reached.share, placed.cluster

),

-- What their rows come to above one of a person each.
surplus as (

    select
        cell,
        share,
        sum(n - 1) as persons,
        sum(within * within - within) as within_squares,
        sum(within * n - within) as cross_products,
        sum(n * n - n) as n_squares
    from shares_within
    group by cell, share

),

sums as (

    select
        reached.cell,
        reached.share,
        reached.n,
        reached.struck,
        cast(reached.n - coalesce(surplus.persons, 0) as bigint) as persons,
        coalesce(reached.there['struck'], 0) / reached.n as share_within,
        coalesce(reached.there['struck'], 0) + coalesce(surplus.within_squares, 0)
            as within_squares,
        coalesce(reached.there['struck'], 0) + coalesce(surplus.cross_products, 0)
            as cross_products,
        reached.n + coalesce(surplus.n_squares, 0) as n_squares
    from reached
    left join surplus
        on
            reached.cell = surplus.cell
            and reached.share = surplus.share

),

variances as (

    select
        *,
        greatest(
            within_squares - 2 * share_within * cross_products
            + share_within * share_within * n_squares,
            0.0
        ) / (n * n) * persons / nullif(persons - 1, 0) as cluster_variance,
        share_within * (1 - share_within) / nullif(n - 1, 0) as plain_variance
    from sums

),

designs as (

    select
        *,
        -- Where all are within or none the design effect is 0 / 0: count persons then.
        case
            when plain_variance > 0 and persons > 1
                then greatest(cluster_variance / plain_variance, 1.0)
            else n / persons
        end as design_effect
    from variances

),

margins as (

    select
        designs.*,
        reached.quantile,
        -- What is not reached has no bounds either.
        case
            when reached.quantile is not null
                then 1.959964 * sqrt(
                    designs.share * (1.0 - designs.share) * designs.design_effect
                    / coalesce(
                        reached.there['exposed'], reached.exposed_before, reached.there['at_risk']
                    )
                )
        end as margin
    from designs
    inner join reached
        on
            designs.cell = reached.cell
            and designs.share = reached.share

),

bounds as (

    select
        margins.cell,
        margins.share,
        min(curve.value) filter (where curve.reached >= margins.share - margins.margin - 1e-12)
            as low,
        min(curve.value) filter (where curve.reached >= margins.share + margins.margin - 1e-12)
            as high
    from margins
    inner join curve on margins.cell = curve.cell
    group by margins.cell, margins.share

),

final as (

    select
        cells.metric,
        cells.audience,
        cells.segment,
        cells.series_key,
        cells.period_key,
        cells.period_kind,
        cells.period_start,
        cells.period_end,
        false as is_protected,
        margins.persons,
        margins.persons as persons_counted,
        cast(margins.n as bigint) as n,
        cast(margins.struck as bigint) as struck,
        margins.n / margins.design_effect as n_eff,
        margins.quantile as value,
        case when margins.margin >= margins.share then 0.0 else bounds.low end as low,
        bounds.high
    from cells
    inner join margins
        on
            cells.cell = margins.cell
            and cells.share = margins.share
    inner join bounds
        on
            cells.cell = bounds.cell
            and cells.share = bounds.share

)

select * from final
