-- Grain: one touchpoint on which effort can be seen x what is measured of it.
-- Whether any effort is above its threshold; and of tickets the minutes since the first that was.
with

frictions as (

    select
        record || ':' || record_id as touchpoint_key,
        -- What began first began before all others: its minutes hold theirs.
        max(minutes) as minutes
    from {{ ref('int_frictions') }}
    group by record, record_id

),

touchpoints as (

    select
        touchpoints.*,
        frictions.touchpoint_key is not null as has_friction,
        coalesce(frictions.minutes, 0.0) as minutes,
        unnest(case
            when touchpoints.record = 'ticket' then ['stage_friction', 'stage_minutes']
            else ['stage_friction']
        end) as role
    from {{ ref('int_friction_touchpoints') }} as touchpoints
    left join frictions on touchpoints.touchpoint_key = frictions.touchpoint_key

),

final as (

    select
        'touchpoint' as event,
        touchpoints.role,
        touchpoints.role || ':' || touchpoints.touchpoint_key as event_id,
        touchpoints.source,
        touchpoints.audience,
        touchpoints.family,
        touchpoints.person_id,
        touchpoints.account_id,
        touchpoints.record_id,
        case
            when touchpoints.role = 'stage_minutes' then touchpoints.minutes
            when touchpoints.has_friction then 1.0
            else 0.0
        end as value,
        {{ local_date('touchpoints.occurred_at') }} as observed_on,
        json_object('journey', touchpoints.journey, 'stage', touchpoints.stage) as dimensions
    from touchpoints

)

select * from final
