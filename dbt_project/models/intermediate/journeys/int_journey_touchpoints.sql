-- Grain: one touchpoint, order or ticket, with its place in a journey.
-- A ticket that its source also tells as a touchpoint counts once.
with

touchpoints as (

    select * from {{ ref('int_touchpoints') }}

),

orders as (

    select * from {{ ref('int_orders') }}

),

tickets as (

    select * from {{ ref('int_tickets') }}
    where
        not coalesce(is_test, false)
        and not coalesce(is_deleted, false)

),

types as (

    select * from {{ ref('touchpoint_types') }}

),

stages as (

    select * from {{ ref('journey_stages') }}

),

lived as (

    select
        'touchpoint:' || touchpoint_id as touchpoint_key,
        source,
        account_id,
        person_id,
        audience,
        family,
        touchpoint_type,
        occurred_at
    from touchpoints

    union all

    select
        'order:' || order_id as touchpoint_key,
        source,
        account_id,
        person_id,
        audience,
        family,
        order_kind as touchpoint_type,
        ordered_at as occurred_at
    from orders
    where status <> 'cancelled'

    union all

    select
        'ticket:' || tickets.ticket_id as touchpoint_key,
        tickets.source,
        tickets.account_id,
        tickets.person_id,
        tickets.audience,
        tickets.family,
        tickets.touchpoint_type,
        tickets.created_at as occurred_at
    from tickets
    left join touchpoints
        on
            tickets.source = touchpoints.source
            and tickets.source_record_id = touchpoints.source_record_id
            and tickets.touchpoint_type is not distinct from touchpoints.touchpoint_type
    where touchpoints.touchpoint_id is null

),

final as (

    select
        lived.touchpoint_key,
        lived.source,
        lived.account_id,
        lived.person_id,
        coalesce(lived.person_id, lived.account_id, lived.touchpoint_key) as respondent_id,
        lived.audience,
        lived.family,
        lived.touchpoint_type,
        types.journey,
        types.stage,
        stages.phase,
        coalesce(
            list_contains(string_split(stages.touchpoint_types, ';'), lived.touchpoint_type),
            false
        ) as is_expected,
        types.unit_cost,
        lived.occurred_at
    from lived
    left join types on lived.touchpoint_type = types.touchpoint_type
    left join stages
        on
            types.journey = stages.journey
            and types.stage = stages.stage

)

select * from final
