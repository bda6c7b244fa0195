{#
    What the values of a group add up to, of rows with value, exposure and is_unknown; `persons` says for
    how many persons a row stands, where it may stand for several.
#}
{% macro value_sums(persons=1) -%}
    bool_or(is_unknown) as has_unknown,
    cast(sum({{ persons }}) as bigint) as n,
    sum({{ persons }} * exposure) as exposure,
    sum({{ persons }} * value) as total,
    sum({{ persons }} * value * value) as total_squares,
    cast(coalesce(sum({{ persons }}) filter (where value > 0), 0) as bigint) as positives,
    cast(coalesce(sum({{ persons }}) filter (where value < 0), 0) as bigint) as negatives
{%- endmacro %}
