-- Grain: one metric x audience x segment x period x respondent, of the cuts by which it is split.
-- A person may stand in several segments of one cut: what is hidden together is counted here.
with

summed as (

    select
        person_periods.metric,
        person_periods.audience,
        person_periods.segment,
        person_periods.period_kind,
        person_periods.period_start,
        person_periods.cluster_id
    from {{ ref('int_metric_person_periods') }} as person_periods
    inner join {{ ref('metrics') }} as metrics
        on person_periods.metric = metrics.metric
    -- Of an invitation those who answered are the respondents.
    where metrics.event <> 'invitation' or person_periods.total > 0

),

waited as (

    select distinct
        observations.metric,
        observations.audience,
        observations.segment,
        placements.period_kind,
        placements.period_start,
        observations.cluster_id
    from {{ ref('int_metric_observations') }} as observations
    inner join {{ ref('int_metric_placements') }} as placements
        on
            observations.metric = placements.metric
            and observations.is_protected = placements.is_protected
            and observations.observed_on = placements.observed_on
            and observations.snapshot_date is not distinct from placements.snapshot_date
    where observations.kind = 'quantile'

),

final as (

    select * from summed
    union all
    select * from waited

)

select * from final
where segment <> 'all' and segment not like 'feedback=%'
