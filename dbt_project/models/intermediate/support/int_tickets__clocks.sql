-- Grain: one ticket x clock, each turn of ours a clock of its own; calendar and business minutes.
-- first_response, first_resolution and resolution run from the creation of the ticket. A turn is a
-- stretch in which the requester waits for us; next_reply is one that a request began after our
-- first reply. A clock that has not struck is censored: at the solution, or the closing of a ticket
-- that nobody solved, for what can no longer come; a turn at what ended it; else at the run's clock.
{%- set clocks = {
    'first_response': 'first_replied_at',
    'first_resolution': 'first_solved_at',
    'resolution': 'last_solved_at',
} %}
with

milestones as (

    select * from {{ ref('int_tickets__milestones') }}

),

turns as (

    select * from {{ ref('int_tickets__turns') }}

),

business_days as (

    select * from {{ ref('int_business_days') }}

),

clocks as (
    {% for clock, milestone in clocks.items() %}
        select
            ticket_id,
            schedule,
            '{{ clock }}' as clock,
            0 as turn_number,
            created_at as started_at,
            coalesce({{ milestone }}, last_solved_at, closed_at, {{ as_of() }}) as stopped_at,
            {{ milestone }} is not null as has_struck
        from milestones

        union all
    {% endfor %}
    select
        turns.ticket_id,
        milestones.schedule,
        case
            when
                turns.started_by = 'request'
                and turns.started_at >= milestones.first_replied_at
                then 'next_reply'
            else 'turn'
        end as clock,
        turns.turn_number,
        turns.started_at,
        coalesce(turns.stopped_at, {{ as_of() }}) as stopped_at,
        coalesce(turns.stopped_by = 'reply', false) as has_struck
    from turns
    inner join milestones on turns.ticket_id = milestones.ticket_id
),

final as (

    select
        clocks.ticket_id,
        clocks.clock,
        clocks.turn_number,
        clocks.has_struck,
        clocks.started_at,
        clocks.stopped_at,
        date_diff('second', clocks.started_at, clocks.stopped_at) / 60.0 as calendar_minutes,
        {{ business_minutes_at('clocks.stopped_at', 'stop_day') }}
        - {{ business_minutes_at('clocks.started_at', 'start_day') }}
            as business_minutes
    from clocks
    left join business_days as start_day
        on
            clocks.schedule = start_day.schedule
            and cast(clocks.started_at as date) = start_day.utc_date
    left join business_days as stop_day
        on
            clocks.schedule = stop_day.schedule
            and cast(clocks.stopped_at as date) = stop_day.utc_date

)

select * from final
