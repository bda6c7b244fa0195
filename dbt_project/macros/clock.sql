{#
    The run's clock, as a timestamp in UTC: handed in as `--vars '{as_of: 2026-06-30T00:00:00}'`,
    else that of the last load. No model asks the database for the time.
#}
{% macro as_of() %}
    {%- if var('as_of', none) -%}
        cast('{{ var("as_of") }}' as timestamp)
    {%- else -%}
        (select cast(max(clock.as_of) as timestamp) from {{ source('ops', 'clock') }} as clock)
    {%- endif -%}
{% endmacro %}

{# The calendar day of a UTC timestamp in the organisation's zone. #}
{% macro local_date(moment) -%}
    cast({{ local_time(moment) }} as date)
{%- endmacro %}

{# A UTC timestamp as the wall clock of the organisation's zone shows it. #}
{% macro local_time(moment) -%}
    timezone('{{ var("time_zone") }}', timezone('UTC', {{ moment }}))
{%- endmacro %}

{#
    Business minutes from the beginning of the calendar to a local time: those of the days before,
    and of this day what has passed of its opening hours. `day` is a row of int_business_days.
    Closed days have no opening minute; `least` and `greatest` skip nulls in DuckDB, so they are
    kept out by the case.
#}
{% macro business_minutes_at(local_time, day) -%}
    ({{ day }}.minutes_before + case
        when {{ day }}.opens_minute is null then 0.0
        else least(greatest(
            date_diff('second', date_trunc('day', {{ local_time }}), {{ local_time }}) / 60.0
            - {{ day }}.opens_minute, 0.0
        ), {{ day }}.open_minutes)
    end)
{%- endmacro %}
