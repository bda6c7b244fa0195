{# The names of the connectors that are on: AX_SOURCES where it is set, else the switchboard. #}
{% macro on_sources() %}
    {%- set chosen = env_var('AX_SOURCES', '') -%}
    {%- if chosen -%}
        {{ return(chosen.split(',') | map('trim') | list) }}
    {%- endif -%}
    {{ return(var('switchboard').values() | sum(start=[])) }}
{% endmacro %}

{#
    Fill an input contract from every connector that is on and delivers it. The columns are those
    of the contract's YAML, named one by one: a slice that lacks one fails by its name. With nobody
    to fill it the contract is an empty, typed table.
#}
{% macro union_connectors(contract) %}
    {%- set fillers = connector_slices().get(contract, []) | select('in', on_sources()) | list -%}
    {%- for connector in fillers %}
select
        {%- for column in model.columns.values() %}
    cast({{ column.name }} as {{ column.data_type }}) as {{ column.name }}
            {{- ',' if not loop.last }}
        {%- endfor %}
from {{ ref(connector ~ '__' ~ contract) }}
        {%- if not loop.last %}

union all
        {% endif %}
    {%- else %}
select
        {%- for column in model.columns.values() %}
    cast(null as {{ column.data_type }}) as {{ column.name }}
            {{- ',' if not loop.last }}
        {%- endfor %}
where false
    {%- endfor %}
{% endmacro %}
