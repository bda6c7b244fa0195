{# The column is never null and never twice: one query for the key of a model. #}
{% test is_key(model, column_name) %}
    select
        {{ column_name }} as failing_key,
        count(*) as row_count
    from {{ model }}
    group by {{ column_name }}
    having count(*) > 1 or {{ column_name }} is null
{% endtest %}
