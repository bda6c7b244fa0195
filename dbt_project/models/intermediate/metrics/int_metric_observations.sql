-- Grain: one event x additive metric x segment that it counts for.
with

events as (

    select * from {{ ref('int_metric_events') }}
    where value is not null or is_unknown

),

uses as (

    select * from {{ ref('int_metric_uses') }}
    where kind = 'additive'

),

segmented as (

    select
        uses.metric,
        {{ segment('uses.cut', 'events.dimensions', 'events.feedback_kind') }} as segment,
        events.source,
        events.audience,
        events.respondent_id as cluster_id,
        -- Codes become what the formula counts: +1, -1 or 0 by the registry's cut-offs.
        case
            when uses.top_from is null or events.is_unknown then events.value
            when events.value >= uses.top_from then 1.0
            when events.value <= uses.bottom_to then -1.0
            else 0.0
        end as value,
        events.exposure,
        events.is_unknown,
        events.weight,
        events.scale_min,
        events.scale_max,
        events.scale_key,
        events.is_protected,
        events.observed_on,
        events.wave_opened_on,
        events.wave_closed_on,
        events.snapshot_date
    from events
    inner join uses
        on
            events.event = uses.event
            and events.role = uses.role
            and events.family = uses.family
            and (uses.scale_min is null or events.scale_min = uses.scale_min)
            and (uses.scale_max is null or events.scale_max = uses.scale_max)
    where {{ falls_under('uses.cut', 'events.feedback_kind') }}

),

final as (

    select
        *,
        {{ series_key('metric', 'audience', 'segment') }} as series_key,
        {{ anchor_key() }} as anchor_key
    from segmented

)

select * from final
