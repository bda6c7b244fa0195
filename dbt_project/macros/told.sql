{#
    The columns of an input contract, as its YAML declares them, without `source`. The raw tables of
    connectors that land contracts are made from the same YAML, so a contract's column is said once.
#}
{% macro contract_columns(contract) %}
    {%- if not execute -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set columns = graph.nodes['model.' ~ project_name ~ '.' ~ contract].columns.values() -%}
    {{ return(columns | rejectattr('name', 'equalto', 'source') | list) }}
{% endmacro %}

{# Rows of a contract x who tells of them (column `teller`); one told of no more is marked. #}
{% macro told_rows(contract, raw, teller) %}
select
    {%- for column in contract_columns(contract) %}
        {%- if column.data_type == 'timestamp' %}
    cast({{ column.name }} as timestamp) as {{ column.name }},
        {%- else %}
    {{ column.name }},
        {%- endif %}
    {%- endfor %}
    {{ teller }},
    _deleted_reason is not null as is_gone
from {{ raw }}
{% endmacro %}

{#
    A contract as the newest row tells it: the latest `updated_at`, else the last teller by name. Ids
    get the name of the connector before them; source_record_id, external_id and location_id are values of somebody else's.
#}
{% macro told_last(connector, contract, told, key, teller) %}
    {%- set columns = contract_columns(contract) -%}
    {%- set values = ['source_record_id', 'external_id', 'location_id'] -%}
    {%- set newest = [teller ~ ' desc'] -%}
    {%- if columns | selectattr('name', 'equalto', 'updated_at') | list -%}
        {%- set newest = ['updated_at desc nulls last'] + newest -%}
    {%- endif -%}
with

records as (

    select * from {{ told }}
    where not is_gone
    qualify row_number() over (partition by {{ key }} order by {{ newest | join(', ') }}) = 1

)

select
    {%- for column in columns %}
        {%- if column.name.endswith('_id') and column.name not in values %}
    '{{ connector }}:' || {{ column.name }} as {{ column.name }},
        {%- else %}
    {{ column.name }},
        {%- endif %}
    {%- endfor %}
    '{{ connector }}' as source
from records
{% endmacro %}
