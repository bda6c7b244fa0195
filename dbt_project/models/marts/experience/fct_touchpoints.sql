-- Grain: one touchpoint, whoever recorded it, as the one audience it was lived.
with

touchpoints as (

    select * from {{ ref('int_touchpoints') }}

),

orders as (

    select * from {{ ref('int_orders') }}

),

persons as (

    select * from {{ ref('dim_persons') }}

),

types as (

    select * from {{ ref('touchpoint_types') }}

),

audiences as (

    select * from {{ ref('audiences') }}

),

recorded as (

    select
        touchpoint_id,
        source,
        account_id,
        person_id,
        touchpoint_type,
        family,
        audience,
        channel,
        direction,
        location_id,
        occurred_at
    from touchpoints

    union all

    select
        order_id as touchpoint_id,
        source,
        account_id,
        person_id,
        order_kind as touchpoint_type,
        family,
        audience,
        cast(null as varchar) as channel,
        'inbound' as direction,
        location_id,
        ordered_at as occurred_at
    from orders

),

final as (

    select
        ---------- ids
        recorded.touchpoint_id,
        recorded.source,
        recorded.account_id,
        recorded.person_id,

        ---------- facts
        recorded.touchpoint_type,
        types.journey,
        types.stage,
        recorded.family,
        recorded.audience,
        recorded.channel,
        recorded.direction,
        recorded.location_id,
        coalesce(persons.is_workforce, false) as person_is_workforce,
        -- What the workforce lives and rows of minors stay inside; so does what has no known
        -- family. Of the rest purpose_policy decides.
        coalesce(
            recorded.family <> 'workforce'
            and not coalesce(persons.is_minor, false)
            and not coalesce(audiences.is_minor, false),
            false
        ) as is_publishable,

        ---------- timestamps
        recorded.occurred_at

    from recorded

    left join types on recorded.touchpoint_type = types.touchpoint_type

    left join persons on recorded.person_id = persons.person_id

    left join audiences on recorded.audience = audiences.audience

)

select * from final
