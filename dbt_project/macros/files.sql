{#
    The columns of an input contract, as its YAML declares them, without `source`. The raw tables of
    the connector `files` are made from the same YAML, so a contract's column is said once.
#}
{% macro contract_columns(contract) %}
    {%- if not execute -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set columns = graph.nodes['model.' ~ project_name ~ '.' ~ contract].columns.values() -%}
    {{ return(columns | rejectattr('name', 'equalto', 'source') | list) }}
{% endmacro %}

{# Rows of a contract x the file that tells of them; one that its file no longer has is marked. #}
{% macro told_by_files(contract, raw) %}
select
    {%- for column in contract_columns(contract) %}
        {%- if column.data_type == 'timestamp' %}
    cast({{ column.name }} as timestamp) as {{ column.name }},
        {%- else %}
    {{ column.name }},
        {%- endif %}
    {%- endfor %}
    file_name,
    _deleted_reason is not null as is_gone
from {{ raw }}
{% endmacro %}

{#
    A contract as the newest file that still has a row tells it. Ids get the name of the connector
    before them; source_record_id, external_id and location_id are values of somebody else's.
#}
{% macro told_by_the_newest_file(contract, told, key) %}
    {%- set columns = contract_columns(contract) -%}
    {%- set values = ['source_record_id', 'external_id', 'location_id'] -%}
    {%- set newest = ['file_name desc'] -%}
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
    'files:' || {{ column.name }} as {{ column.name }},
        {%- else %}
    {{ column.name }},
        {%- endif %}
    {%- endfor %}
    'files' as source
from records
{% endmacro %}
