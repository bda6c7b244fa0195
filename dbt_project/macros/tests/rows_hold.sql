{#
    Every row keeps every promise; a row that does not comes back with the promise's name, once for each.
    promises: {name: SQL condition that must be true}; a null condition counts as kept. All are asked in
    one reading: what a view computes, it computes once, however much is promised of it.
#}
{% test rows_hold(model, promises) %}
    select *
    from (
        select
            unnest([
                {%- for name, condition in promises.items() %}
                case when not ({{ condition }}) then '{{ name }}' end
                {{- ',' if not loop.last }}
                {%- endfor %}
            ]) as broken_promise,
            *
        from {{ model }}
        where
            {%- for condition in promises.values() %}
            {{ 'or ' if not loop.first }}not ({{ condition }})
            {%- endfor %}
    )
    where broken_promise is not null
{% endtest %}
