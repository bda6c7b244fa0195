-- Grain: one event x additive metric x segment that it counts for.
-- What it counts for is in its series (int_metric_series): there are tens of millions, and a name
-- costs more to write than all that is measured.
with

events as (

    select
        *,
        {{ event_group_key() }} as group_key
    from {{ ref('int_metric_events') }}
    where value is not null or is_unknown

),

counted as (

    select
        groups.counted,
        groups.series_key,
        events.respondent_id as cluster_id,
        -- Codes become what the formula counts: +1, -1 or 0 by the registry's cut-offs.
        case
            when groups.top_from is null or events.is_unknown then events.value
            when events.value >= groups.top_from then 1.0
            when events.value <= groups.bottom_to then -1.0
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
    inner join {{ ref('int_metric_event_groups') }} as groups on events.group_key = groups.group_key
    where groups.kind = 'additive'

),

final as (

    select
        * exclude (counted),
        {{ anchor_key('counted') }} as anchor_key
    from counted

)

select * from final
