{#
    No two rows share the columns that make the grain. By one number first, which is grouped in half
    the time of several texts; only of what shares that number the columns themselves are held
    against each other.
#}
{% test one_row_per(model, columns) %}
    {%- set grain = columns | join(', ') %}
    select
        {{ grain }},
        count(*) as row_count
    from {{ model }}
    where
        hash({{ grain }}) in (
            select hash({{ grain }})
            from {{ model }}
            group by hash({{ grain }})
            having count(*) > 1
        )
    group by {{ grain }}
    having count(*) > 1
{% endtest %}
