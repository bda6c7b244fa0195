{#
    What is kept from run to run, on tables that are files and know no delete. `append` adds rows.
    `delete+insert` writes the whole table anew, the rows of other keys and what came, and puts it in
    the place of the old one: a partition is never replaced by a part of itself.
#}
{% materialization incremental, adapter='axspark' %}
    {%- set strategy = config.get('incremental_strategy') -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- set came = target.incorporate(path={'identifier': this.identifier ~ '__came'}) -%}
    {%- set whole = target.incorporate(path={'identifier': this.identifier ~ '__whole'}) -%}
    {%- if strategy not in ('append', 'delete+insert') -%}
        {%- do exceptions.raise_compiler_error(
            this ~ ': incremental_strategy ' ~ strategy ~ ' may lose rows on Spark; use append or delete+insert'
        ) -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks) }}

    {%- if load_relation(this) is none or should_full_refresh() -%}
        {%- do adapter.drop_relation(target) -%}
        {%- call statement('main') -%} {{ create_table_as(False, target, compiled_code) }} {%- endcall -%}
    {%- else -%}
        {%- do adapter.drop_relation(came) -%}
        {%- do adapter.drop_relation(whole) -%}
        {%- call statement('main') -%} {{ create_table_as(False, came, compiled_code) }} {%- endcall -%}
        {%- set before = adapter.get_columns_in_relation(target) | map(attribute='name') | list -%}
        {%- set now = adapter.get_columns_in_relation(came) | map(attribute='name') | list -%}
        {%- set columns = before + (now | reject('in', before) | list) -%}
        {%- call statement('whole') -%}
            create table {{ whole }} using parquet as
            select {{ axspark__those(columns, before) }} from {{ target }} as kept
            {%- if strategy == 'delete+insert' %}
            left anti join {{ came }} as came
                on kept.{{ config.require('unique_key') }} = came.{{ config.require('unique_key') }}
            {%- endif %}
            union all
            select {{ axspark__those(columns, now) }} from {{ came }}
        {%- endcall -%}
        {%- do adapter.drop_relation(target) -%}
        {%- do adapter.rename_relation(whole, target) -%}
        {%- do adapter.drop_relation(came) -%}
    {%- endif -%}

    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{# Columns in their order, null for those that one side does not have. #}
{% macro axspark__those(columns, there) -%}
    {%- for column in columns -%}
        {{ column if column in there else 'null as ' ~ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
