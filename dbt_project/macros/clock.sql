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
    cast(timezone('{{ var("time_zone") }}', timezone('UTC', {{ moment }})) as date)
{%- endmacro %}
