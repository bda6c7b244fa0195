-- Grain: one metric x audience x segment x period x respondent, of the cuts that hold a small cell.
-- A person may stand in several segments of one cut: what is hidden together is counted here, and
-- added up. Of an invitation those who answered are the respondents.
with

sized as (

    {{ sized_estimates() }}

),

-- Only beside a small cell it matters who stands in which.
hidden as (

    select *
    from sized
    where
        has_small
        and cut <> 'all'
        -- Days of a week and months of a quarter are hidden all together, whoever stands in which.
        and not (period_kind = 'day' or (period_kind = 'month' and adds_up and not stands_alone))

),

summed as (

    select
        hidden.metric,
        hidden.audience,
        hidden.segment,
        hidden.period_kind,
        hidden.period_start,
        person_periods.cluster_id,
        person_periods.total,
        person_periods.exposure,
        metrics.event <> 'invitation' or person_periods.total > 0 as has_responded
    from ({{ person_periods('hidden') }}) as person_periods
    inner join hidden
        on
            person_periods.series_key = hidden.series_key
            and person_periods.period_key = hidden.period_key
    inner join {{ ref('metrics') }} as metrics on hidden.metric = metrics.metric

),

waited as (

    select distinct
        hidden.metric,
        hidden.audience,
        hidden.segment,
        hidden.period_kind,
        hidden.period_start,
        waits.cluster_id,
        cast(null as double) as total,
        cast(null as double) as exposure,
        true as has_responded
    from hidden
    inner join {{ ref('int_metric_waits') }} as waits on hidden.series_key = waits.series_key
    inner join {{ ref('int_metric_placements') }} as placements
        on
            hidden.metric = placements.metric
            and hidden.period_key = placements.period_key
            and waits.anchor_key = placements.anchor_key

),

final as (

    select * from summed
    union all
    select * from waited

)

select * from final
where segment not like 'feedback=%'
