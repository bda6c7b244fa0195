-- Grain: one group of events x metric (of waits: curve) x cut that they count for, with the segment.
-- Millions of events are alike in all but whose they are, when and how much: of some thousand groups.
-- What an event counts for is found once for its group.
with

groups as (

    select
        event,
        role,
        source,
        audience,
        family,
        feedback_kind,
        scale_min,
        scale_max,
        dimensions,
        count(value) > 0 as has_values,
        {{ event_group_key() }} as group_key
    from {{ ref('int_metric_events') }}
    where value is not null or is_unknown
    group by all

),

observed as (

    select
        groups.*,
        uses.kind,
        uses.metric as counted,
        uses.cut,
        uses.top_from,
        uses.bottom_to
    from groups
    inner join {{ ref('int_metric_uses') }} as uses
        on
            groups.event = uses.event
            and groups.role = uses.role
            and groups.family = uses.family
            and (uses.scale_min is null or groups.scale_min = uses.scale_min)
            and (uses.scale_max is null or groups.scale_max = uses.scale_max)
    where uses.kind = 'additive'

),

curves as (

    select distinct
        kind,
        curve,
        role,
        family,
        cut
    from {{ ref('int_metric_uses') }}
    where kind = 'quantile'

),

waited as (

    select
        groups.*,
        curves.kind,
        curves.curve as counted,
        curves.cut
    from groups
    inner join curves
        on
            groups.role = curves.role
            and groups.family = curves.family
    where groups.event = 'clock' and groups.has_values

),

counted as (

    select * from observed
    union all by name
    select * from waited

),

segmented as (

    select
        group_key,
        kind,
        counted,
        cut,
        {{ segment('cut', 'dimensions', 'feedback_kind') }} as segment,
        audience,
        source,
        top_from,
        bottom_to
    from counted
    where {{ falls_under('cut', 'feedback_kind') }}

),

final as (

    select
        *,
        {{ series_key('counted', 'audience', 'segment') }} as series_key
    from segmented

)

select * from final
