{#
    The sources of a group's rows, each once, in one text with | between them: a standing is repeated
    for tens of millions of periods, and a list in each costs several times as much as a text.
#}
{% macro source_names(source) -%}
    array_to_string(list_sort(list(distinct {{ source }})), '|')
{%- endmacro %}
