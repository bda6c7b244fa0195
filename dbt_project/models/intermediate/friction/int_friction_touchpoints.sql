-- Grain: one touchpoint on which effort can be seen, at a stage: a ticket, or an order that came about.
-- A ticket counts where its source tells its story; of one that tells none nobody knows what it took.
-- What is seen within 30 days belongs to the touchpoint, so that after them its figures are final.
with

tickets as (

    select tickets.*
    from {{ ref('int_tickets') }} as tickets
    inner join {{ ref('int_tickets__milestones') }} as milestones
        on tickets.ticket_id = milestones.ticket_id

),

orders as (

    select * from {{ ref('int_orders') }}
    where status in ('paid', 'refunded')

),

lived as (

    select
        'ticket' as record,
        ticket_id as record_id,
        source,
        account_id,
        person_id,
        audience,
        family,
        touchpoint_type,
        created_at as occurred_at
    from tickets

    union all

    select
        'order' as record,
        order_id as record_id,
        source,
        account_id,
        person_id,
        audience,
        family,
        order_kind as touchpoint_type,
        ordered_at as occurred_at
    from orders

),

final as (

    select
        lived.record || ':' || lived.record_id as touchpoint_key,
        lived.*,
        coalesce(lived.person_id, lived.account_id, lived.record_id) as respondent_id,
        types.journey,
        types.stage,
        lived.occurred_at + interval 30 day as window_ends_at
    from lived
    inner join {{ ref('touchpoint_types') }} as types
        on lived.touchpoint_type = types.touchpoint_type
    where types.stage is not null

)

select * from final
