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
        on days.anchor_key = placements.anchor_key
    group by days.series_key, placements.period_key

),

stood as (

    select * from {{ ref('int_metric_standing_sums') }}

),

sums as (

    select * from added_up
    union all by name
    select
        * exclude (cross_products, exposure_products),
        false as is_protected,
        0 as weighted_n
    from stood

),

clusters as (

    {{ numbered_clusters(ref('int_metric_observations')) }}

),

-- A number a person: hundreds of millions of rows are grouped by it, in half the memory of an id.
observed as (

    select
        observations.series_key,
        observations.anchor_key,
        clusters.number as cluster_id,
        observations.value,
        observations.exposure
    from {{ ref('int_metric_observations') }} as observations
    inner join clusters on observations.cluster_id = clusters.cluster_id

),

-- Some kinds of periods after others, of which none shares a cell: all at once are two hundred million
-- groups, which leave memory for the disk. Who stands is one person.
persons as (

    {%- for kinds in [
        "= 'trailing_90'", "in ('quarter', 'year')", "not in ('trailing_90', 'quarter', 'year')"
    ] %}

        {{ person_products(
            observed_periods(observed='observed', kinds=kinds), ['series_key', 'period_key']
        ) }}

        union all by name
    {%- endfor %}

    select
        series_key,
        period_key,
        n as persons,
        positives as persons_counted,
        total_squares as total_products,
        cross_products,
        exposure_products
    from stood

),

final as (

    {{ weighed_cells('sums', 'persons', ['series_key', 'period_key']) }}

)

select * from final
