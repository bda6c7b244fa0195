{# What a model says for DuckDB is said for Spark here, and nowhere in a model. #}
{% macro axspark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {%- if language == 'python' -%}
        {{ compiled_code }}
    {%- else -%}
        {{ spark__create_table_as(temporary, relation, adapter.in_spark(compiled_code)) }}
    {%- endif -%}
{%- endmacro %}

{% macro axspark__create_view_as(relation, sql) -%}
    {{ spark__create_view_as(relation, adapter.in_spark(sql)) }}
{%- endmacro %}

{% macro axspark__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {{ default__get_test_sql(adapter.in_spark(main_sql), fail_calc, warn_if, error_if, limit) }}
{%- endmacro %}

{# In the folder that the warehouse sees too: what is made is read there, by no way but its files. #}
{% macro axspark__create_schema(relation) -%}
    {%- call statement('create_schema') -%}
        create schema if not exists {{ relation }} location '{{ adapter.folder_of(relation.schema) }}'
    {%- endcall -%}
{%- endmacro %}

{# Before each run, so that a column that came since is seen. #}
{% macro tables_of_the_lake() %}
    {%- if execute and flags.WHICH in ('build', 'run', 'seed', 'test') -%}
        {%- do adapter.show_lake(graph.sources.values() | list) -%}
    {%- endif -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set chosen = graph.nodes.values() | selectattr('unique_id', 'in', selected_resources) -%}
        {%- do adapter.go_on_from(chosen | selectattr('config.materialized', 'equalto', 'incremental') | list) -%}
    {%- endif -%}
{% endmacro %}

{#
    A registry in one statement. The stock macros write a missing value as the text 'None', and end a
    text at its first apostrophe.
#}
{% macro axspark__create_csv_table(model, agate_table) %}
    {%- set said = model['config'].get('column_types', {}) -%}
    {%- set names, columns = [], [] -%}
    {%- for name in agate_table.column_names -%}
        {%- set type = said.get(name, adapter.convert_type(agate_table, loop.index0)) -%}
        {%- do names.append(adapter.quote(name)) -%}
        {%- do columns.append(
            'cast(' ~ adapter.quote(name) ~ ' as ' ~ ('string' if type == 'varchar' else type)
            ~ ') as ' ~ adapter.quote(name)
        ) -%}
    {%- endfor -%}
    {%- set rows = adapter.rows_of(model) -%}
    {%- set nothing = '(' ~ (['null'] * names | length) | join(', ') ~ ')' -%}
    {%- set sql -%}
        create table {{ this.render() }} using parquet as
        select {{ columns | join(', ') }}
        from values {{ rows | join(', ') or nothing }} as seed ({{ names | join(', ') }})
        {{- ' where false' if not rows }}
    {%- endset -%}
    {%- call statement('_') -%} {{ sql }} {%- endcall -%}
    {{ return(sql) }}
{% endmacro %}

{# Its rows came with the table. #}
{% macro axspark__load_csv_rows(model, agate_table) %}
    {{ return('') }}
{% endmacro %}
