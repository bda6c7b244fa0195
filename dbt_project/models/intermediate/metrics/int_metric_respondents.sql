-- Grain: one metric x audience x segment x period x respondent, of the cuts by which it is split.
-- A person may stand in several segments of one cut: what is hidden together is counted here.
with

observations as (

    select * from {{ ref('int_metric_observations') }}
    where
        segment <> 'all'
        and segment not like 'feedback=%'
        -- Of an invitation those who answered are the respondents.
        and (event <> 'invitation' or value > 0)

),

placements as (

    select * from {{ ref('int_metric_placements') }}

),

final as (

    select distinct
        observations.metric,
        observations.audience,
        observations.segment,
        placements.period_kind,
        placements.period_start,
        observations.cluster_id
    from observations
    inner join placements
        on
            observations.metric = placements.metric
            and observations.is_protected = placements.is_protected
            and observations.observed_on is not distinct from placements.observed_on
            and observations.wave_opened_on is not distinct from placements.wave_opened_on
            and observations.wave_closed_on is not distinct from placements.wave_closed_on
            and observations.snapshot_date is not distinct from placements.snapshot_date

)

select * from final
