{# The columns of all that leaves, as the engine has them: table_name, column_name. #}
{% macro published_columns(one) -%}
    {{ return(adapter.dispatch('published_columns', 'ax_warehouse')(one)) }}
{%- endmacro %}

{% macro default__published_columns(one) -%}
    (
        select * from information_schema.columns
        where table_catalog = '{{ one.database }}'
    ) as columns
{%- endmacro %}

{# Spark has no information_schema: it is asked table by table. #}
{% macro axspark__published_columns(one) -%}
    (values ('', '')
    {%- if execute %}
    {%- for model in graph.nodes.values() if model.name.startswith('pub_') %}
    {%- set table = api.Relation.create(schema=model.schema, identifier=model.alias) %}
    {%- for column in adapter.get_columns_in_relation(table) %}
        , ('{{ model.alias }}', '{{ column.name }}')
    {%- endfor %}
    {%- endfor %}
    {%- endif %}
    ) as columns (table_name, column_name)
{%- endmacro %}
