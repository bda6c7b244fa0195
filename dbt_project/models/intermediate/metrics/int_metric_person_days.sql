-- Grain: one metric x audience x segment x person x day (or wave, or snapshot) x question.
-- The sufficient statistics from which any period and its cluster variance are added up.
with

observations as (

    select * from {{ ref('int_metric_observations') }}
    where kind = 'additive'

),

final as (

    select
        observations.metric,
        observations.audience,
        observations.segment,
        observations.cluster_id,
        observations.source,
        observations.scale_key,
        observations.scale_min,
        observations.scale_max,
        observations.is_protected,
        observations.observed_on,
        observations.wave_opened_on,
        observations.wave_closed_on,
        observations.snapshot_date,
        count(*) as n,
        sum(observations.exposure) as exposure,
        sum(observations.value) as total,
        sum(observations.value * observations.value) as total_squares,
        count(*) filter (where observations.value > 0) as positives,
        count(*) filter (where observations.value < 0) as negatives,
        count(observations.weight) as weighted_n,
        sum(observations.weight) as weight_total,
        sum(observations.weight * observations.weight) as weight_squares,
        sum(observations.weight * observations.value) as weighted_total
    from observations
    group by all

)

select * from final
