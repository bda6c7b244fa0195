{#
    The sources of a group's rows, each once, in one text with | between them. There are tens of
    millions of standings, and a list in each costs several times as much as a text.
#}
{% macro source_names(source) -%}
    array_to_string(list_sort(list(distinct {{ source }})), '|')
{%- endmacro %}
