{#
    A model takes the place of its former self in one transaction: the former goes, the new one is
    made under its own name. The stock way makes it beside, renames both and drops the former, which
    in a small house is a fifth of what dbt takes (docs/decisions/0033).
#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set target = this.incorporate(type='table') -%}
    {% do before_the_model() %}
    {#- How a lake lays a table out in files, where a model says so. -#}
    {%- set laid_out = {
        'partitioned_by': duckdb__get_partitioned_by(target, false),
        'sorted_by': duckdb__get_sorted_by(target, false)
    } -%}
    {%- if model['language'] == 'sql' -%}
        {% do put_in_place(create_table_as(False, target, compiled_code, **laid_out)) %}
    {%- else -%}
        {#- It writes by a connection of its own, to which the former is still there. -#}
        {%- set beside = make_intermediate_relation(target) -%}
        {% do drop_relation_if_exists(load_cached_relation(beside)) %}
        {% call statement('main', language='python') -%}
            {{ create_table_as(False, beside, compiled_code, 'python', **laid_out) }}
        {%- endcall %}
        {%- set name = adapter.quote(target.identifier) -%}
        {% do put_in_place('alter table ' ~ beside ~ ' rename to ' ~ name) %}
    {%- endif -%}
    {% do create_indexes(target) %}
    {{ return(after_the_model(target)) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set target = this.incorporate(type='view') -%}
    {% do before_the_model() %}
    {% do put_in_place(get_create_view_as_sql(target, compiled_code)) %}
    {{ return(after_the_model(target)) }}
{% endmaterialization %}

{% macro put_in_place(made) %}
    {%- set former = load_cached_relation(this) -%}
    {% call statement('main') -%}
        {% if former is not none %}drop {{ former.type }} if exists {{ former }};{% endif %}
        {{ made }}
    {%- endcall %}
{% endmacro %}

{# As the stock materializations begin and end. #}
{% macro before_the_model() %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
{% endmacro %}

{% macro after_the_model(target) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmacro %}
