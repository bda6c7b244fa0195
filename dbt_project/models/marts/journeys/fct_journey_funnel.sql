-- Grain: one audience x stage of a journey x quarter in which people entered it.
-- The values of three metrics side by side, as they may be shown: nothing is counted anew.
with

metric_values as (

    select * from {{ ref('fct_metric_values') }}
    where
        metric in ('stage_conversion', 'stage_skip_share', 'days_in_stage_p50')
        and period_kind = 'quarter'

),

stages as (

    select
        stages.*,
        journeys.window_days,
        {{ segment(
            "'journey;stage'",
            "json_object('journey', stages.journey, 'stage', stages.stage)",
            "'triggered'",
        ) }} as segment
    from {{ ref('journey_stages') }} as stages
    inner join {{ ref('journeys') }} as journeys on stages.journey = journeys.journey

),

cells as (

    select distinct
        audience,
        segment,
        period_start,
        period_end
    from metric_values

),

final as (

    select
        ---------- keys
        cells.audience,
        stages.journey,
        stages.stage,
        cells.period_start,
        cells.period_end,

        ---------- the stage
        stages.stage_label,
        cast(stages.position as bigint) as position,
        stages.phase,
        cast(stages.window_days as bigint) as window_days,

        ---------- who went on
        cast(conversions.denominator as bigint) as entered,
        cast(conversions.numerator as bigint) as converted,
        conversions.value as conversion,
        conversions.low as conversion_low,
        conversions.high as conversion_high,
        cast(skips.numerator as bigint) as skipped,
        conversions.status as conversion_status,

        ---------- how long they stayed
        stays.n as stays,
        stays.value as median_days,
        stays.low as median_days_low,
        stays.high as median_days_high,
        stays.status as median_days_status

    from cells
    inner join stages on cells.segment = stages.segment
    left join metric_values as conversions
        on
            cells.audience = conversions.audience
            and cells.segment = conversions.segment
            and cells.period_start = conversions.period_start
            and conversions.metric = 'stage_conversion'
    left join metric_values as skips
        on
            cells.audience = skips.audience
            and cells.segment = skips.segment
            and cells.period_start = skips.period_start
            and skips.metric = 'stage_skip_share'
    left join metric_values as stays
        on
            cells.audience = stays.audience
            and cells.segment = stays.segment
            and cells.period_start = stays.period_start
            and stays.metric = 'days_in_stage_p50'

)

select * from final
