{# Whether a row of int_deeds is an order or a visit, by which somebody is active (domain: active). #}
{% macro is_occasion() -%}
    record = 'order' and deed_kind in ('order', 'attendance')
{%- endmacro %}
