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
        periods,
        cast(statistic as double) as share
    from {{ ref('int_metric_uses') }}
    where kind = 'quantile'

),

-- Where a curve's waits count: the periods of any of its metrics.
placements as (

    select distinct
        placements.anchor_key,
        placements.period_key,
        placements.period_start,
        placements.period_end
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
        any_value(counted) as curve,
        any_value(cut) as cut,
        any_value(audience) as audience,
        any_value(segment) as segment,
        row_number() over (order by series_key asc) as number
    from {{ ref('int_metric_event_groups') }}
    where kind = 'quantile'
    group by series_key

),

clusters as (

    {{ numbered_clusters(ref('int_metric_waits')) }}

),

-- With the days on which the same person waited before and after.
waits as (

    select
        series.number as series,
        clusters.number as cluster,
        waits.anchor_key,
        waits.value,
        waits.has_struck,
        lag(waits.observed_on) over of_person as before_on,
        lead(waits.observed_on) over of_person as after_on
    from {{ ref('int_metric_waits') }} as waits
    inner join series on waits.series_key = series.series_key
    inner join clusters on waits.cluster_id = clusters.cluster_id
    window of_person as (
        partition by series.number, clusters.number
        order by waits.observed_on asc
    )

),

-- One number a cell, and one a person: millions of rows are sorted and grouped by them many times.
placed as (

    select
        waits.series * 1000000000 + placements.period_key as cell,
        waits.cluster,
        waits.value,
        waits.has_struck,
        coalesce(waits.before_on >= placements.period_start, false)
        or coalesce(waits.after_on < placements.period_end, false) as is_again
    from waits
    inner join placements
        on waits.anchor_key = placements.anchor_key

),

-- The waits of a cell in their order.
gathered as (

    select
        cell,
        list_sort(list(value)) as waits,
        cast(count(*) as double) as n,
        bool_and(has_struck) as is_known
    from placed
    group by cell

),

-- The curve is needed where somebody waits still, of whom it is not known how long. Counts as doubles,
-- which hold them exactly: a window adds them up in half the time of integers.
times as (

    select
        placed.cell,
        placed.value,
        cast(count(*) filter (where placed.has_struck) as double) as struck,
        cast(count(*) as double) as gone
    from placed
    inner join gathered on placed.cell = gathered.cell
    where not gathered.is_known
    group by placed.cell, placed.value

),

curve as (

    {{ kaplan_meier('times') }}

),

-- The metrics that read a curve of a cell, each at its share.
cells as (

    select
        uses.metric,
        uses.share,
        series.audience,
        series.segment,
        series.series_key,
        periods.period_key,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        series.number * 1000000000 + periods.period_key as cell
    from gathered
    inner join series on gathered.cell // 1000000000 = series.number
    inner join periods on gathered.cell % 1000000000 = periods.period_key
    inner join uses
        on
            series.curve = uses.curve
            and series.cut = uses.cut
            and list_contains(uses.periods, periods.period_kind)

),

wanted as (

    select distinct
        cell,
        share
    from cells

),

read_from_curves as (

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

-- Where all is known the curve is the share of those who waited no longer, and it is exposed to all
-- of them: its quantile is the wait at that place.
read_from_waits as (

    select
        wanted.cell,
        wanted.share,
        gathered.n,
        gathered.waits,
        gathered.waits[{{ place_in_order('wanted.share', 'gathered.n') }}] as quantile
    from wanted
    inner join gathered on wanted.cell = gathered.cell
    where gathered.is_known

),

reached as (

    select
        cell,
        share,
        n,
        struck,
        quantile,
        there['struck'] as struck_there,
        -- Where the curve is still or already flat its variance is none: the last known size holds.
        coalesce(there['exposed'], exposed_before, there['at_risk']) as exposed
    from read_from_curves

    union all

    select
        cell,
        share,
        n,
        n as struck,
        quantile,
        cast(len(list_filter(waits, lambda wait: wait <= quantile)) as double) as struck_there,
        n as exposed
    from read_from_waits

),

-- Whoever waited once in a cell has been counted. Those who waited again are few, and are counted one
-- by one.
shares_within as (

    select
        placed.cell,
        reached.share,
        count(*) as n,
        count(*) filter (where placed.has_struck and placed.value <= reached.quantile) as within
    from placed
    inner join reached on placed.cell = reached.cell
    where placed.is_again
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
        reached.quantile,
        reached.exposed,
        cast(reached.n - coalesce(surplus.persons, 0) as bigint) as persons,
        coalesce(reached.struck_there, 0) / reached.n as share_within,
        coalesce(reached.struck_there, 0) + coalesce(surplus.within_squares, 0)
            as within_squares,
        coalesce(reached.struck_there, 0) + coalesce(surplus.cross_products, 0)
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
        *,
        -- What is not reached has no bounds either.
        case
            when quantile is not null
                then 1.959964 * sqrt(share * (1.0 - share) * design_effect / exposed)
        end as margin
    from designs

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

    union all

    select
        margins.cell,
        margins.share,
        gathered.waits[{{ place_in_order('margins.share - margins.margin', 'gathered.n') }}] as low,
        gathered.waits[{{ place_in_order('margins.share + margins.margin', 'gathered.n') }}] as high
    from margins
    inner join gathered on margins.cell = gathered.cell
    where gathered.is_known

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
