-- Grain: one thing that somebody whom we know did: an order that came about, a visit, a share.
-- An order that was paid back later was still an act on its day; a cancelled one never came about.
with

activities as (

    select * from {{ ref('activity_families') }}

),

done as (

    select
        'order' as record,
        orders.order_kind as deed_kind,
        orders.order_id as record_id,
        orders.source,
        orders.person_id,
        orders.family,
        cast(null as double) as stars,
        orders.ordered_at as happened_at
    from {{ ref('int_orders') }} as orders
    where orders.status in ('paid', 'refunded')

    union all

    select
        'touchpoint' as record,
        touchpoints.touchpoint_type as deed_kind,
        touchpoints.touchpoint_id as record_id,
        touchpoints.source,
        touchpoints.person_id,
        touchpoints.family,
        cast(null as double) as stars,
        touchpoints.occurred_at as happened_at
    from {{ ref('int_touchpoints') }} as touchpoints

    union all

    select
        'feedback' as record,
        turns.feedback_kind as deed_kind,
        turns.turn_id as record_id,
        turns.source,
        turns.person_id,
        cast(null as varchar) as family,
        -- Four of ten are no praise; of an unknown scale nobody knows.
        case when turns.stars_max = 5 then turns.stars end as stars,
        turns.occurred_at as happened_at
    from {{ ref('int_feedback_turns') }} as turns

),

final as (

    select
        done.record || ':' || done.record_id as deed_id,
        done.source,
        done.person_id,
        done.family,
        done.record,
        done.deed_kind,
        activities.activity,
        {{ local_date('done.happened_at') }} as happened_on
    from done
    left join activities
        on
            done.record = activities.record
            and done.deed_kind = activities.record_type
            and coalesce(done.stars, 0) >= coalesce(activities.at_least_stars, 0)
    where
        done.person_id is not null
        and done.happened_at is not null
        and (done.record = 'order' or activities.activity is not null)

)

select * from final
