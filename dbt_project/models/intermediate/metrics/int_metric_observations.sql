-- Grain: one event x metric x segment that it counts for.
with

events as (

    select * from {{ ref('int_metric_events') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

measured as (

    select
        metrics.metric,
        metrics.kind,
        metrics.segments,
        events.* exclude (value, respondent_id),
        -- Codes become what the formula counts: +1, -1 or 0 by the registry's cut-offs.
        case
            when metrics.top_from is null then events.value
            when events.value >= metrics.top_from then 1.0
            when events.value <= metrics.bottom_to then -1.0
            else 0.0
        end as value,
        events.respondent_id as cluster_id
    from events
    inner join metrics
        on
            events.event = metrics.event
            and events.role = metrics.role
            and (metrics.scale_min is null or events.scale_min = metrics.scale_min)
            and (metrics.scale_max is null or events.scale_max = metrics.scale_max)
            and list_contains(string_split(metrics.families, '|'), events.family)
    where events.value is not null

),

cut as (

    select
        measured.* exclude (segments),
        unnest(string_split(measured.segments, '|')) as cut
    from measured

),

segmented as (

    select
        cut.* exclude (cut),
        {{ segment('cut.cut', 'cut.dimensions', 'cut.feedback_kind') }} as segment
    from cut

),

final as (

    select
        segmented.metric,
        segmented.kind,
        segmented.event,
        segmented.segment,
        segmented.event_id,
        segmented.source,
        segmented.audience,
        segmented.cluster_id,
        segmented.value,
        segmented.exposure,
        segmented.weight,
        segmented.scale_min,
        segmented.scale_max,
        segmented.scale_key,
        segmented.is_protected,
        segmented.has_struck,
        segmented.observed_on,
        segmented.wave_opened_on,
        segmented.wave_closed_on,
        segmented.snapshot_date
    from segmented
    where segmented.segment is not null

)

select * from final
