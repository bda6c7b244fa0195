-- Grain: one standing x metric x segment that it counts for.
with

standings as (

    select * from {{ ref('int_metric_standings') }}

),

metrics as (

    select
        metric,
        role,
        families,
        segments,
        {{ placed_periods() }} as periods
    from {{ ref('metrics') }}
    where kind = 'distinct'

),

cut as (

    select
        metrics.metric,
        standings.*,
        unnest(string_split(metrics.segments, '|')) as cut
    from standings
    inner join metrics
        on
            standings.role = metrics.role
            and list_contains(string_split(metrics.families, '|'), standings.family)
            and list_contains(metrics.periods, standings.period_kind)

),

final as (

    select
        cut.metric,
        cut.audience,
        {{ segment('cut.cut', 'cut.dimensions', "'triggered'") }} as segment,
        cut.period_kind,
        cut.period_start,
        cut.period_end,
        cut.respondent_id as cluster_id,
        cut.sources,
        cut.value,
        cut.exposure
    from cut

)

select * from final
