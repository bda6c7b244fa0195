{#
    Half-open stretches of a relation, those of one key that overlap or touch made one: the columns of
    `key`, then the two ends under their own names. What holds for no time is none. (One stretch more
    or less that is empty moves no end: it lies within what it touches.)
#}
{% macro merged_stretches(relation, key, begins, ends) %}
    {%- set columns = key | join(', ') %}
    select
        {{ columns }},
        min({{ begins }}) as {{ begins }},
        max({{ ends }}) as {{ ends }}
    from (
        select
            marked.*,
            sum(case when {{ begins }} <= reached then 0 else 1 end) over (
                partition by {{ columns }}
                order by {{ begins }} asc, {{ ends }} asc
            ) as stretch
        from (
            -- A stretch begins where no earlier one reaches.
            select
                {{ columns }},
                {{ begins }},
                {{ ends }},
                max({{ ends }}) over (
                    partition by {{ columns }}
                    order by {{ begins }} asc, {{ ends }} asc
                    rows between unbounded preceding and 1 preceding
                ) as reached
            from {{ relation }}
        ) as marked
    ) as numbered
    group by {{ columns }}, stretch
    having min({{ begins }}) < max({{ ends }})
{% endmacro %}
