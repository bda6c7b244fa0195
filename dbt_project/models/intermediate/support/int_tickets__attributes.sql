-- Grain: one ticket that counts x attribute (priority, team, assignee) x stretch it had one value.
-- The first stretch has no beginning. Its value is what the first change says it replaced; of an
-- attribute that never changed it is what the ticket says now.
{%- set columns = {
    'priority': 'priority',
    'team': 'team',
    'assignee': 'assignee_account_id',
} %}
with

tickets as (

    select * from {{ ref('tickets') }}
    where
        not coalesce(is_test, false)
        and not coalesce(is_deleted, false)

),

changes as (

    select
        events.ticket_id,
        case events.event_type
            when 'priority' then 'priority'
            when 'group' then 'team'
            when 'assignment' then 'assignee'
        end as attribute,
        events.value,
        events.previous_value,
        events.occurred_at,
        events.ticket_event_id
    from {{ ref('ticket_events') }} as events
    where events.event_type in ('priority', 'group', 'assignment')

),

placed as (

    select
        *,
        row_number() over (
            partition by ticket_id, attribute order by occurred_at asc, ticket_event_id asc
        ) as change_number,
        lead(occurred_at) over (
            partition by ticket_id, attribute order by occurred_at asc, ticket_event_id asc
        ) as valid_to
    from changes

),

begun as (
    {% for attribute, column in columns.items() %}
        select
            tickets.ticket_id,
            '{{ attribute }}' as attribute,
            case
                when placed.ticket_id is null then tickets.{{ column }}
                else placed.previous_value
            end as value,
            cast(null as timestamp) as valid_from,
            placed.occurred_at as valid_to
        from tickets
        left join placed
            on
                tickets.ticket_id = placed.ticket_id
                and placed.attribute = '{{ attribute }}'
                and placed.change_number = 1

        union all
    {% endfor %}
    select
        placed.ticket_id,
        placed.attribute,
        placed.value,
        placed.occurred_at as valid_from,
        placed.valid_to
    from placed
    inner join tickets on placed.ticket_id = tickets.ticket_id
),

-- Of two changes in one instant the last holds.
final as (

    select
        ticket_id,
        attribute,
        value,
        valid_from,
        valid_to
    from begun
    where valid_from is null or valid_to is null or valid_from < valid_to

)

select * from final
