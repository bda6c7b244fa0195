{# What the values of a group add up to, of rows with value, exposure and is_unknown. #}
{% macro value_sums() -%}
    bool_or(is_unknown) as has_unknown,
    count(*) as n,
    sum(exposure) as exposure,
    sum(value) as total,
    sum(value * value) as total_squares,
    count(*) filter (where value > 0) as positives,
    count(*) filter (where value < 0) as negatives
{%- endmacro %}
