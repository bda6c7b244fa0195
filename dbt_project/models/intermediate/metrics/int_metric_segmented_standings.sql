-- Grain: one standing x metric x segment that it counts for.
with

standings as (

    select * from {{ ref('int_metric_standings') }}

),

uses as (

    select * from {{ ref('int_metric_uses') }}
    where kind = 'distinct'

),

segmented as (

    select
        uses.metric,
        standings.audience,
        {{ segment('uses.cut', 'standings.dimensions', "'triggered'") }} as segment,
        standings.period_kind,
        standings.period_start,
        standings.period_end,
        standings.respondent_id as cluster_id,
        standings.sources,
        standings.value,
        standings.is_unknown,
        standings.exposure
    from standings
    inner join uses
        on
            standings.role = uses.role
            and standings.family = uses.family
            and list_contains(uses.periods, standings.period_kind)

),

final as (

    select
        *,
        {{ series_key('metric', 'audience', 'segment') }} as series_key,
        {{ period_key('period_kind', 'period_start') }} as period_key
    from segmented

)

select * from final
