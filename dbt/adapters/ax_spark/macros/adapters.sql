{# What a model says for DuckDB is said for Spark here, and nowhere in a model. #}
{% macro ax_spark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {%- if language == 'python' -%}
        {{ compiled_code }}
    {%- else -%}
        {{ spark__create_table_as(temporary, relation, adapter.in_spark(compiled_code)) }}
    {%- endif -%}
{%- endmacro %}

{% macro ax_spark__create_view_as(relation, sql) -%}
    {{ spark__create_view_as(relation, adapter.in_spark(sql)) }}
{%- endmacro %}

{% macro ax_spark__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {{ default__get_test_sql(adapter.in_spark(main_sql), fail_calc, warn_if, error_if, limit) }}
{%- endmacro %}

{# In the folder that the warehouse sees too: what is made is read there, by no way but its files. #}
{% macro ax_spark__create_schema(relation) -%}
    {%- call statement('create_schema') -%}
        create schema if not exists {{ relation }} location '{{ adapter.folder_of(relation.schema) }}'
    {%- endcall -%}
{%- endmacro %}

{# Before each run, so that a column that came since is seen. #}
{% macro tables_of_the_lake() %}
    {%- if execute and flags.WHICH in ('build', 'run', 'seed', 'test') -%}
        {%- do adapter.show_lake(graph.sources.values() | list) -%}
    {%- endif -%}
{% endmacro %}

{#
    A registry in one statement. The stock macro writes a missing value as the text 'None', and ends
    a text at its first apostrophe.
#}
{% macro ax_spark__create_csv_table(model, agate_table) %}
    {%- set said = model['config'].get('column_types', {}) -%}
    {%- set columns = [] -%}
    {%- for name in agate_table.column_names -%}
        {%- set type = said.get(name, adapter.convert_type(agate_table, loop.index0)) -%}
        {%- do columns.append(adapter.quote(name) ~ ' ' ~ ('string' if type == 'varchar' else type)) -%}
    {%- endfor -%}
    {%- set sql -%}
        create table {{ this.render() }} ({{ columns | join(', ') }}) using parquet
    {%- endset -%}
    {%- call statement('_') -%} {{ sql }} {%- endcall -%}
    {{ return(sql) }}
{% endmacro %}

{% macro ax_spark__load_csv_rows(model, agate_table) %}
    {%- set rows = adapter.literals(agate_table) -%}
    {%- set sql -%}
        insert into {{ this.render() }} values {{ rows | join(', ') }}
    {%- endset -%}
    {%- if rows -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {%- endif -%}
    {{ return(sql) }}
{% endmacro %}
