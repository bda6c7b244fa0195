-- Grain: one touchpoint, whoever recorded it, as the one audience it was lived.
with

touchpoints as (

    select * from {{ ref('touchpoints') }}

),

orders as (

    select * from {{ ref('int_orders') }}

),

experiences as (

    select * from {{ ref('int_experiences') }}

),

types as (

    select * from {{ ref('touchpoint_types') }}

),

recorded as (

    select
        'touchpoint:' || touchpoint_id as experience_key,
        touchpoint_id,
        source,
        touchpoint_type,
        channel,
        direction,
        location_id
    from touchpoints

    union all

    select
        'order:' || order_id as experience_key,
        order_id as touchpoint_id,
        source,
        order_kind as touchpoint_type,
        cast(null as varchar) as channel,
        'inbound' as direction,
        location_id
    from orders

),

final as (

    select
        ---------- ids
        recorded.touchpoint_id,
        recorded.source,
        experiences.account_id,
        experiences.person_id,

        ---------- facts
        recorded.touchpoint_type,
        types.journey,
        types.stage,
        experiences.family,
        experiences.audience,
        recorded.channel,
        recorded.direction,
        recorded.location_id,

        ---------- timestamps
        experiences.occurred_at

    from recorded

    inner join experiences
        on recorded.experience_key = experiences.experience_key

    left join types
        on recorded.touchpoint_type = types.touchpoint_type

)

select * from final
