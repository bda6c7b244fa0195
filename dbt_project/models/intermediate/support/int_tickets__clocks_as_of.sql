-- Grain: one ticket x clock x turn, with the priority as it started, team and assignee as it stopped.
{%- set attributes = {'priority': 'started_at', 'team': 'stopped_at', 'assignee': 'stopped_at'} %}
with

clocks as (

    select * from {{ ref('int_tickets__clocks') }}

),

attributes as (

    select * from {{ ref('int_tickets__attributes') }}

),

final as (

    select
        clocks.ticket_id,
        clocks.clock,
        clocks.turn_number,
        clocks.has_struck,
        clocks.started_at,
        clocks.stopped_at,
        clocks.calendar_minutes,
        clocks.business_minutes,
        priority.value as priority,
        team.value as team,
        assignee.value as assignee_account_id
    from clocks
    {%- for attribute, moment in attributes.items() %}
        left join attributes as {{ attribute }}
            on
                clocks.ticket_id = {{ attribute }}.ticket_id
                and {{ attribute }}.attribute = '{{ attribute }}'
                and (
                    {{ attribute }}.valid_from is null
                    or clocks.{{ moment }} >= {{ attribute }}.valid_from
                )
                and (
                    {{ attribute }}.valid_to is null
                    or clocks.{{ moment }} < {{ attribute }}.valid_to
                )
    {%- endfor %}

)

select * from final
