-- Grain: one wait x curve x segment: what Kaplan-Meier curves are drawn from.
with

events as (

    select
        *,
        {{ event_group_key() }} as group_key
    from {{ ref('int_metric_events') }}
    where event = 'clock' and value is not null

),

counted as (

    select
        groups.counted,
        groups.series_key,
        events.respondent_id as cluster_id,
        events.value,
        events.has_struck,
        events.is_protected,
        events.observed_on,
        events.wave_opened_on,
        events.wave_closed_on,
        events.snapshot_date
    from events
    inner join {{ ref('int_metric_event_groups') }} as groups on events.group_key = groups.group_key
    where groups.kind = 'quantile'

),

final as (

    select
        * exclude (counted),
        {{ anchor_key('counted') }} as anchor_key
    from counted

)

select * from final
