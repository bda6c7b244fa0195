{#
    The column is never null and never twice: one query for the key of a model.
    of: a column to tell beside a key that fails, such as the source that sent it.
#}
{% test is_key(model, column_name, of=none) %}
    select
        {{ column_name }} as failing_key,
        {%- if of %}
        min({{ of }}) as {{ of }},
        {%- endif %}
        count(*) as row_count
    from {{ model }}
    group by {{ column_name }}
    having count(*) > 1 or {{ column_name }} is null
{% endtest %}
