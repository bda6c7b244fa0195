-- Grain: one stretch in which a ticket that counts was open: neither solved nor closed.
-- A ticket that is over without its source saying since when is left out.
with

milestones as (

    select * from {{ ref('int_tickets__milestones') }}

),

statuses as (

    select
        ticket_id,
        occurred_at,
        status not in ('solved', 'closed') as is_open
    from {{ ref('int_tickets__statuses') }}

    union all

    -- It is created open; what was set in the same instant holds.
    select
        milestones.ticket_id,
        milestones.created_at as occurred_at,
        true as is_open
    from milestones
    left join {{ ref('int_tickets__statuses') }} as created
        on
            milestones.ticket_id = created.ticket_id
            and milestones.created_at = created.occurred_at
    where created.ticket_id is null

),

placed as (

    select
        *,
        lag(is_open) over (partition by ticket_id order by occurred_at asc) as was_open
    from statuses

),

changes as (

    select
        *,
        lead(occurred_at) over (partition by ticket_id order by occurred_at asc) as changed_at
    from placed
    where was_open is null or was_open <> is_open

),

final as (

    select
        changes.ticket_id,
        changes.occurred_at as opened_at,
        changes.changed_at as ended_at
    from changes
    inner join milestones on changes.ticket_id = milestones.ticket_id
    where
        changes.is_open
        and not (milestones.is_over and changes.changed_at is null)

)

select * from final
