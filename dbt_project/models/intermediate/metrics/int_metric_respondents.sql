-- Grain: one metric x audience x segment x period x respondent, of the cuts that hold a small cell.
-- A person may stand in several segments of one cut: what is hidden together is counted here.
with

sized as (

    {{ sized_estimates() }}

),

-- Only beside a small cell it matters who stands in which.
wanted as (

    select *
    from sized
    where has_small and cut <> 'all'

),

summed as (

    select
        wanted.metric,
        wanted.audience,
        wanted.segment,
        wanted.period_kind,
        wanted.period_start,
        person_periods.cluster_id
    from ({{ person_periods('wanted') }}) as person_periods
    inner join wanted
        on
            person_periods.series_key = wanted.series_key
            and person_periods.period_key = wanted.period_key
    inner join {{ ref('metrics') }} as metrics on wanted.metric = metrics.metric
    -- Of an invitation those who answered are the respondents.
    where metrics.event <> 'invitation' or person_periods.total > 0

),

waited as (

    select distinct
        wanted.metric,
        wanted.audience,
        wanted.segment,
        wanted.period_kind,
        wanted.period_start,
        waits.cluster_id
    from wanted
    inner join {{ ref('int_metric_waits') }} as waits on wanted.series_key = waits.series_key
    inner join {{ ref('int_metric_placements') }} as placements
        on
            wanted.metric = placements.metric
            and wanted.period_key = placements.period_key
            and waits.anchor_key = placements.anchor_key

),

final as (

    select * from summed
    union all
    select * from waited

)

select * from final
where segment not like 'feedback=%'
