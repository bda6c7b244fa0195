-- Grain: one ticket x clock (first_response, resolution) x calendar or business minutes.
-- A clock that has not struck is censored: at the solution, or the closing of a ticket that nobody
-- solved, for what can no longer come; else at the run's clock.
{%- set clocks = {
    'first_response': 'first_replied_at',
    'resolution': 'last_solved_at',
} %}
with

milestones as (

    select * from {{ ref('int_tickets__milestones') }}

),

business_days as (

    select * from {{ ref('int_business_days') }}

),

clocks as (
    {% for clock, milestone in clocks.items() %}
        select
            milestones.ticket_id,
            '{{ clock }}' as clock,
            milestones.created_at as started_at,
            coalesce(
                milestones.{{ milestone }},
                milestones.last_solved_at,
                milestones.closed_at,
                {{ as_of() }}
            ) as stopped_at,
            milestones.{{ milestone }} is not null as has_struck
        from milestones
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

local_times as (

    select
        clocks.*,
        {{ local_time('clocks.started_at') }} as started_local,
        {{ local_time('clocks.stopped_at') }} as stopped_local
    from clocks

),

final as (

    select
        local_times.ticket_id,
        local_times.clock,
        local_times.has_struck,
        local_times.started_at,
        date_diff('second', local_times.started_at, local_times.stopped_at) / 60.0
            as calendar_minutes,
        {{ business_minutes_at('local_times.stopped_local', 'stop_day') }}
        - {{ business_minutes_at('local_times.started_local', 'start_day') }}
            as business_minutes
    from local_times
    left join business_days as start_day
        on cast(local_times.started_local as date) = start_day.local_date
    left join business_days as stop_day
        on cast(local_times.stopped_local as date) = stop_day.local_date

)

select * from final
