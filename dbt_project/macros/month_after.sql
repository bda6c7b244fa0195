{# First day of the month after a day. #}
{% macro month_after(day) -%}
    cast(date_trunc('month', {{ day }}) + interval 1 month as date)
{%- endmacro %}
