-- Grain: one metric x audience x segment x period: what the standings that count for it add up to.
-- Who stands as a whole stands once in a period: metrics and segments are told of what they add up to. Parts are made one of each person first.
with

uses as (

    select * from {{ ref('int_metric_uses') }}
    where kind = 'distinct'

),

named as (

    select
        standing_groups.* exclude (role, family, dimensions, sources, nobody, unknown_values),
        uses.metric,
        {{ segment('uses.cut', 'standing_groups.dimensions', "'triggered'") }} as segment
    from {{ ref('int_metric_standing_groups') }} as standing_groups
    inner join uses
        on
            standing_groups.role = uses.role
            and standing_groups.family = uses.family
            and list_contains(uses.periods, standing_groups.period_kind)

),

names as (

    select distinct
        metric,
        audience,
        segment,
        period_kind,
        period_start,
        period_end
    from named
    where is_in_parts

),

parts as (

    select
        series_key,
        period_key,
        {{ value_sums() }},
        sum(value * exposure) as cross_products,
        sum(exposure * exposure) as exposure_products
    from {{ ref('int_metric_segmented_standings') }}
    where is_in_parts
    group by series_key, period_key

),

segmented as (

    select * exclude (is_in_parts)
    from named
    where not is_in_parts

    union all by name

    select
        names.*,
        parts.* exclude (series_key, period_key)
    from parts
    inner join names
        on
            parts.series_key = {{ series_key('names.metric', 'names.audience', 'names.segment') }}
            and parts.period_key = {{ period_key('names.period_kind', 'names.period_start') }}

),

final as (

    select
        {{ series_key('metric', 'audience', 'segment') }} as series_key,
        {{ period_key('period_kind', 'period_start') }} as period_key,
        metric,
        audience,
        segment,
        period_kind,
        period_start,
        max(period_end) as period_end,
        bool_or(has_unknown) as has_unknown,
        sum(n) as n,
        sum(exposure) as exposure,
        sum(total) as total,
        sum(total_squares) as total_squares,
        sum(positives) as positives,
        sum(negatives) as negatives,
        sum(cross_products) as cross_products,
        sum(exposure_products) as exposure_products
    from segmented
    group by metric, audience, segment, period_kind, period_start

)

select * from final
