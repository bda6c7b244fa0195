-- Grain: one metric x audience x segment x period x person.
-- What is added up from days, and what was found over the period as a whole.
with

person_days as (

    select * from {{ ref('int_metric_person_days') }}

),

placements as (

    select * from {{ ref('int_metric_placements') }}

),

added_up as (

    select
        person_days.metric,
        person_days.audience,
        person_days.segment,
        placements.period_kind,
        placements.period_start,
        placements.period_end,
        person_days.cluster_id,
        bool_or(person_days.is_protected) as is_protected,
        min(person_days.scale_key) as first_scale,
        max(person_days.scale_key) as last_scale,
        min(person_days.scale_min) as scale_min,
        max(person_days.scale_max) as scale_max,
        sum(person_days.n) as n,
        sum(person_days.exposure) as exposure,
        sum(person_days.total) as total,
        sum(person_days.total_squares) as total_squares,
        sum(person_days.positives) as positives,
        sum(person_days.negatives) as negatives,
        sum(person_days.weighted_n) as weighted_n,
        sum(person_days.weight_total) as weight_total,
        sum(person_days.weight_squares) as weight_squares,
        sum(person_days.weighted_total) as weighted_total
    from person_days
    inner join placements
        on
            person_days.metric = placements.metric
            and person_days.is_protected = placements.is_protected
            and person_days.observed_on is not distinct from placements.observed_on
            and person_days.wave_opened_on is not distinct from placements.wave_opened_on
            and person_days.wave_closed_on is not distinct from placements.wave_closed_on
            and person_days.snapshot_date is not distinct from placements.snapshot_date
    group by all

),

stood as (

    select
        metric,
        audience,
        segment,
        period_kind,
        period_start,
        period_end,
        cluster_id,
        false as is_protected,
        cast(count(*) as hugeint) as n,
        sum(exposure) as exposure,
        sum(value) as total,
        sum(value * value) as total_squares,
        count(*) filter (where value > 0) as positives,
        count(*) filter (where value < 0) as negatives,
        0 as weighted_n
    from {{ ref('int_metric_segmented_standings') }}
    group by all

),

final as (

    select * from added_up
    union all by name
    select * from stood

)

select * from final
