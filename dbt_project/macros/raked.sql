{#
    Two CTEs that end in `fitted`: the rows of `cells` with the weight that so many rounds over the
    margins give them. A step reads every weight of a fit, so DuckDB takes all fits step by step.
#}
{% macro raked(cells, rounds) -%}
    {{ return(adapter.dispatch('raked', 'ax_warehouse')(cells, rounds)) }}
{%- endmacro %}

{% macro default__raked(cells, rounds) -%}
raked as (

    select
        *,
        cast(1.0 as double) as weight,
        0 as step
    from {{ cells }}

    union all

    select
        * exclude (weight, step),
        weight * shares[step % len(shares) + 1]
        * sum(weight * answerers) over (partition by fit)
        / sum(weight * answerers) over (partition by fit, cell[step % len(shares) + 1])
            as weight,
        step + 1 as step
    from raked
    where step < {{ rounds }} * len(shares)

),

fitted as (

    select
        * exclude (weight, step),
        weight * sum(answerers) over (partition by fit)
        / sum(weight * answerers) over (partition by fit) as weight
    from raked
    where step = {{ rounds }} * len(shares)

)
{%- endmacro %}

{# Spark allows no window in a recursion, so each fit folds its own rows: the same steps in a list. #}
{% macro axspark__raked(cells, rounds) -%}
raked as (

    select
        fit,
        unnest(list_reduce(
            range({{ rounds }} * max(len(shares))),
            lambda fitted, step: list_transform(
                fitted,
                lambda one: {
                    'cell': one.cell,
                    'shares': one.shares,
                    'answerers': one.answerers,
                    'weight': one.weight * one.shares[step % len(one.shares) + 1]
                        * list_sum(list_transform(fitted, lambda other: other.weight * other.answerers))
                        / list_sum(list_transform(
                            list_filter(
                                fitted,
                                lambda other: other.cell[step % len(one.shares) + 1]
                                    = one.cell[step % len(one.shares) + 1]
                            ),
                            lambda other: other.weight * other.answerers
                        ))
                }
            ),
            list({
                'cell': cell,
                'shares': shares,
                'answerers': answerers,
                'weight': cast(1.0 as double)
            })
        )) as one
    from {{ cells }}
    group by fit

),

fitted as (

    select
        cells.*,
        raked.one.weight
        * sum(cells.answerers) over (partition by cells.fit)
        / sum(raked.one.weight * cells.answerers) over (partition by cells.fit) as weight
    from {{ cells }} as cells
    inner join raked
        on
            cells.fit = raked.fit
            and cells.cell = raked.one.cell

)
{%- endmacro %}
