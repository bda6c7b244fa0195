-- Grain: one entry into a stage or stay in it x what is counted or timed of it.
with

entries as (

    select * from {{ ref('int_stage_entries') }}
    -- Who still has time to move on is in no cohort yet.
    where is_closed

),

-- Only who tells of stages tells when they begin and end: a touchpoint shows that somebody was there.
-- The last stage leads nowhere, and of what was decided at an unknown time no duration is known.
stays as (

    select * from {{ ref('int_stage_stays') }}
    where
        evidence = 'stage_event'
        and (exited_at is not null or exit_kind is null)
        and (journey, position) not in (
            select
                last_stages.journey,
                max(last_stages.position) as last_position
            from {{ ref('journey_stages') }} as last_stages
            group by last_stages.journey
        )

),

final as (

    select
        'stage' as event,
        'stage_conversion' as role,
        concat_ws(':', 'stage_conversion', path_id, stage) as event_id,
        source,
        audience,
        family,
        person_id,
        account_id,
        walker_id as record_id,
        case when has_moved_on then 1.0 else 0.0 end as value,
        {{ local_date('entered_at') }} as observed_on,
        json_object('journey', journey, 'stage', stage) as dimensions
    from entries

    union all by name

    select
        'stage' as event,
        'stage_skip' as role,
        concat_ws(':', 'stage_skip', path_id, stage) as event_id,
        source,
        audience,
        family,
        person_id,
        account_id,
        walker_id as record_id,
        case when has_skipped then 1.0 else 0.0 end as value,
        {{ local_date('entered_at') }} as observed_on,
        json_object('journey', journey, 'stage', stage) as dimensions
    from entries

    union all by name

    select
        'clock' as event,
        'stage_stay' as role,
        concat_ws(':', 'stage_stay', path_id, step) as event_id,
        source,
        audience,
        family,
        person_id,
        account_id,
        walker_id as record_id,
        date_diff('second', entered_at, coalesce(exited_at, {{ as_of() }})) / 86400.0 as value,
        exited_at is not null as has_struck,
        {{ local_date('entered_at') }} as observed_on,
        json_object('journey', journey, 'stage', stage) as dimensions
    from stays

)

select * from final
