-- Grain: one wait x curve x segment: what Kaplan-Meier curves are drawn from.
with

events as (

    select * from {{ ref('int_metric_events') }}
    where event = 'clock' and value is not null

),

uses as (

    select distinct
        curve,
        role,
        family,
        cut
    from {{ ref('int_metric_uses') }}
    where kind = 'quantile'

),

segmented as (

    select
        uses.curve,
        uses.cut,
        {{ segment('uses.cut', 'events.dimensions', 'events.feedback_kind') }} as segment,
        events.source,
        events.audience,
        events.respondent_id as cluster_id,
        events.value,
        events.has_struck,
        events.is_protected,
        events.observed_on,
        events.wave_opened_on,
        events.wave_closed_on,
        events.snapshot_date
    from events
    inner join uses
        on
            events.role = uses.role
            and events.family = uses.family
    where {{ falls_under('uses.cut', 'events.feedback_kind') }}

),

final as (

    select
        *,
        {{ series_key('curve', 'audience', 'segment') }} as series_key,
        {{ anchor_key() }} as anchor_key
    from segmented

)

select * from final
