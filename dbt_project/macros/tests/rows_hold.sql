{#
    Every row keeps every promise; a row that does not comes back with the promise's name.
    promises: {name: SQL condition that must be true}; a null condition counts as kept.
#}
{% test rows_hold(model, promises) %}
    {%- for name, condition in promises.items() %}
    select
        '{{ name }}' as broken_promise,
        *
    from {{ model }}
    where not ({{ condition }})
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endtest %}
