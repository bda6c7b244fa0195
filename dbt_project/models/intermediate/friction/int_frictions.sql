-- Grain: one friction: a touchpoint or step x kind whose signal is above its threshold.
-- Its minutes are those that the requester waited for us on that ticket after it had begun, within
-- the 30 days of the ticket. Of what began together none is counted twice: the minutes of a ticket
-- are those of its first friction. Where nobody waits on a clock of ours there are no minutes.
with

touchpoints as (

    select * from {{ ref('int_friction_touchpoints') }}

),

kinds as (

    select * from {{ ref('friction_kinds') }}

),

turns as (

    select
        'ticket:' || ticket_id as touchpoint_key,
        started_at,
        coalesce(stopped_at, {{ as_of() }}) as stopped_at
    from {{ ref('int_tickets__turns') }}

),

seen as (

    select
        touchpoints.*,
        signals.kind,
        signals.signal,
        signals.begun_at
    from {{ ref('int_friction_signals') }} as signals
    inner join kinds on signals.kind = kinds.kind
    inner join touchpoints on signals.touchpoint_key = touchpoints.touchpoint_key
    where signals.signal > kinds.threshold

),

waited as (

    select
        seen.touchpoint_key,
        seen.kind,
        sum(date_diff(
            'second',
            greatest(turns.started_at, seen.begun_at),
            least(turns.stopped_at, seen.window_ends_at)
        )) / 60.0 as minutes
    from seen
    inner join turns
        on
            seen.touchpoint_key = turns.touchpoint_key
            and seen.begun_at < turns.stopped_at
            and seen.window_ends_at > turns.started_at
    group by seen.touchpoint_key, seen.kind

),

-- A step is given up where its window is over, nobody went on or back and nothing was decided. That
-- is told by who tells of stages: a touchpoint that was never repeated gives up nothing.
given_up as (

    select
        entries.*,
        stays.phase
    from {{ ref('int_stage_entries') }} as entries
    inner join {{ ref('int_stage_stays') }} as stays
        on
            entries.path_id = stays.path_id
            and entries.stage = stays.stage
            and entries.entered_at = stays.entered_at
    where
        entries.evidence = 'stage_event'
        and entries.is_closed
        and not entries.has_moved_on
        and stays.phase = 'before'
        and stays.exit_kind is null

),

final as (

    select
        seen.touchpoint_key || ':' || seen.kind as friction_id,
        seen.kind,
        seen.record,
        seen.record_id,
        seen.source,
        seen.account_id,
        seen.person_id,
        seen.respondent_id,
        seen.audience,
        seen.family,
        seen.touchpoint_type,
        seen.journey,
        seen.stage,
        seen.signal,
        case when seen.record = 'ticket' then coalesce(waited.minutes, 0.0) end as minutes,
        seen.begun_at,
        seen.occurred_at
    from seen
    left join waited
        on
            seen.touchpoint_key = waited.touchpoint_key
            and seen.kind = waited.kind

    union all

    select
        'step:' || given_up.path_id || ':' || given_up.stage || ':' || kinds.kind as friction_id,
        kinds.kind,
        kinds.record,
        given_up.path_id || ':' || given_up.stage as record_id,
        given_up.source,
        given_up.account_id,
        given_up.person_id,
        given_up.walker_id as respondent_id,
        given_up.audience,
        given_up.family,
        cast(null as varchar) as touchpoint_type,
        given_up.journey,
        given_up.stage,
        1.0 as signal,
        cast(null as double) as minutes,
        cast(null as timestamp) as begun_at,
        given_up.entered_at as occurred_at
    from given_up
    inner join kinds on kinds.kind = 'abandoned_step'

)

select * from final
