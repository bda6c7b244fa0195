-- Grain: one metric x audience x segment x period: what the standings that count for it add up to.
-- Who stands as a whole stands once in a period: metrics and segments are told of what they add up to. Parts are made one of each person first.
with

uses as (

    select * from {{ ref('int_metric_uses') }}
    where kind = 'distinct'

),

standing_groups as (

    select * from {{ ref('int_metric_standing_groups') }}
    where not is_in_parts

),

segmented as (

    select
        standing_groups.* exclude (
            role, family, dimensions, sources, is_in_parts, nobody, unknown_values
        ),
        uses.metric,
        {{ segment('uses.cut', 'standing_groups.dimensions', "'triggered'") }} as segment
    from standing_groups
    inner join uses
        on
            standing_groups.role = uses.role
            and standing_groups.family = uses.family
            and list_contains(uses.periods, standing_groups.period_kind)

    union all by name

    select
        metric,
        audience,
        segment,
        period_kind,
        period_start,
        period_end,
        {{ value_sums() }},
        sum(value * exposure) as cross_products,
        sum(exposure * exposure) as exposure_products
    from {{ ref('int_metric_segmented_standings') }}
    where is_in_parts
    group by metric, audience, segment, period_kind, period_start, period_end

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
