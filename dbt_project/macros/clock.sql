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
    The UTC moment at which a schedule's calendar has counted so many business minutes: what
    business_minutes_at gives, read the other way round. `day` is the row of int_business_days with
    minutes_before < minutes <= minutes_before + open_minutes; at the end of an opening it is that end.
#}
{% macro business_moment(minutes, day) -%}
    {%- set left = ['(' ~ minutes ~ ') - ' ~ day ~ '.minutes_before'] -%}
    case
    {%- for opening in range(1, openings_a_day() | int + 1) %}
        {%- set opens = day ~ '.opens_at_' ~ opening -%}
        {%- set length = "date_diff('second', " ~ opens ~ ", " ~ day ~ ".closes_at_" ~ opening ~ ") / 60.0" %}
        when {{ left | join(' - ') }} <= {{ length }}
            then {{ opens }} + to_seconds(cast(round(60.0 * ({{ left | join(' - ') }})) as bigint))
        {%- do left.append(length) %}
    {%- endfor %}
    end
{%- endmacro %}
