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

{# A time on the wall clock of a zone, the organisation's by default, as a UTC timestamp. #}
{% macro utc_time(local_time, zone="'" ~ var('time_zone') ~ "'") -%}
    timezone('UTC', timezone({{ zone }}, cast({{ local_time }} as timestamp)))
{%- endmacro %}

{# Openings of a schedule that a UTC day can hold: those of two local days share it. #}
{% macro openings_a_day() -%}
    4
{%- endmacro %}

{#
    Business minutes from the beginning of a schedule's calendar to a UTC moment: those of the days
    before, and of this day what has passed of each opening. `day` is the row of int_business_days
    for the schedule and the UTC date of the moment. An opening that is not there has no moment and
    adds nothing; a day that is not in the calendar gives null and must: `least` and `greatest` skip
    nulls in DuckDB and Spark, so neither may be put around this.
#}
{% macro business_minutes_at(moment, day) -%}
    ({{ day }}.minutes_before
    {%- for opening in range(1, openings_a_day() | int + 1) %}
    + case
        when {{ moment }} > {{ day }}.opens_at_{{ opening }} then date_diff(
            'second',
            {{ day }}.opens_at_{{ opening }},
            least({{ moment }}, {{ day }}.closes_at_{{ opening }})
        ) / 60.0
        else 0.0
    end
    {%- endfor %})
{%- endmacro %}

{# Whether a schedule is open at a UTC moment; null before its calendar begins. #}
{% macro is_open_at(moment, day) -%}
    case
        when {{ day }}.utc_date is null then null
        {%- for opening in range(1, openings_a_day() | int + 1) %}
        when
            {{ moment }} >= {{ day }}.opens_at_{{ opening }}
            and {{ moment }} < {{ day }}.closes_at_{{ opening }}
            then true
        {%- endfor %}
        else false
    end
{%- endmacro %}

{#
    The UTC moment at which so many business minutes have passed since the beginning of a schedule's
    calendar. `day` is the row of int_business_days in which they run out: more than its
    `minutes_before`, no more than with its own. What runs out as an opening ends runs out there.
#}
{% macro business_moment(minutes, day) -%}
    case
        {%- set passed = ['(' ~ minutes ~ ') - ' ~ day ~ '.minutes_before'] -%}
        {%- for opening in range(1, openings_a_day() | int + 1) %}
        {%- set opens, closes = day ~ '.opens_at_' ~ opening, day ~ '.closes_at_' ~ opening %}
        when {{ passed | join(' - ') }} <= date_diff('second', {{ opens }}, {{ closes }}) / 60.0
            then {{ opens }} + to_seconds(cast(round(({{ passed | join(' - ') }}) * 60) as bigint))
        {%- do passed.append("date_diff('second', " ~ opens ~ ', ' ~ closes ~ ') / 60.0') %}
        {%- endfor %}
    end
{%- endmacro %}

{# In which 1440th of a schedule's business minutes one of them lies. #}
{% macro minutes_part(minutes) -%}
    cast(floor({{ minutes }} / 1440.0) as bigint)
{%- endmacro %}

{# Whether minutes of a schedule run out in a day: `day` is a row of int_business_days__by_minutes. #}
{% macro runs_out_in(schedule, minutes, day) -%}
    {{ schedule }} = {{ day }}.schedule
    and {{ minutes_part(minutes) }} = {{ day }}.minutes_part
    and {{ minutes }} > {{ day }}.minutes_before
    and {{ minutes }} <= {{ day }}.minutes_before + {{ day }}.open_minutes
{%- endmacro %}
