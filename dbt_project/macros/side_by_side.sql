{#
    Columns for metrics side by side, out of rows of the metric values: `figures` by the ending of
    their names, '' for the value itself.
#}
{% macro side_by_side(metrics, figures) %}
    {%- for metric in metrics %}
        {%- for ending, figure in figures.items() %}
            max(case when metric = '{{ metric }}' then {{ figure }} end) as {{ metric ~ ending }},
        {%- endfor %}
    {%- endfor %}
{% endmacro %}
