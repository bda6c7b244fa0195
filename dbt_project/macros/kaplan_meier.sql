{#
    Kaplan-Meier curves: by `cell` and `value` the share of those who waited that was `reached` by
    then, and `exposed`: as many uncensored waits as would give Greenwood's variance; null where the
    curve is flat. `times` has for each value of a cell how many were struck at it and how many are
    gone after it, as doubles.
#}
{% macro kaplan_meier(times) %}
    select
        cell,
        value,
        at_risk,
        struck_so_far,
        reached,
        reached / nullif((1.0 - reached) * greenwood, 0.0) as exposed
    from (
        select
            cell,
            value,
            at_risk,
            sum(struck) over cell_to_here as struck_so_far,
            1.0 - product(1.0 - struck / at_risk) over cell_to_here as reached,
            sum(
                struck / nullif(at_risk * (at_risk - struck), 0)
            ) over cell_to_here as greenwood
        from (
            select
                *,
                sum(gone) over (
                    partition by cell
                    order by value asc
                    rows between current row and unbounded following
                ) as at_risk
            from {{ times }}
        ) as at_risk
        window cell_to_here as (
            partition by cell
            order by value asc
            rows between unbounded preceding and current row
        )
    ) as accrued
{% endmacro %}
