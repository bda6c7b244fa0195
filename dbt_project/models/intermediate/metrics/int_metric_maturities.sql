-- Grain: one metric x segment that matures by a clock of its own: a stage by its journey's window.
with

stages as (

    select * from {{ ref('journey_stages') }}

),

journeys as (

    select * from {{ ref('journeys') }}

),

final as (

    select
        metrics.metric,
        {{ segment(
            "'journey;stage'",
            "json_object('journey', stages.journey, 'stage', stages.stage)",
            "'triggered'",
        ) }} as segment,
        journeys.window_days as maturity_days
    from {{ ref('metrics') }} as metrics
    cross join stages
    inner join journeys on stages.journey = journeys.journey
    where metrics.event = 'stage'

)

select * from final
