-- Grain: one time at which a ticket that counts got an assignee or a team.
-- Who had it before: the last one named, else the one that the first change says it replaced.
with

handed as (

    select
        ticket_id,
        ticket_event_id,
        move,
        occurred_at,
        value,
        coalesce(
            lag(value) over (
                partition by ticket_id, move order by occurred_at asc, ticket_event_id asc
            ),
            previous_value
        ) as value_before
    from {{ ref('int_tickets__story') }}
    where move in ('assignment', 'group') and value is not null

),

final as (

    select
        ticket_id,
        ticket_event_id,
        move,
        occurred_at,
        coalesce(value <> value_before, false) as is_transfer
    from handed

)

select * from final
