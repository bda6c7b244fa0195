{#
    Standings with the metrics and segments that each counts for, under `condition`: of `standings`,
    int_metric_standings, and `uses`, a relation like int_metric_uses. Told anew where it is asked: a
    name for all of them, read twice, would be tens of millions of rows put aside.
#}
{% macro segmented_standings(condition) %}
    select
        *,
        {{ series_key('metric', 'audience', 'segment') }} as series_key,
        {{ period_key('period_kind', 'period_start') }} as period_key
    from (
        select
            uses.metric,
            standings.audience,
            {{ segment('uses.cut', 'standings.dimensions', "'triggered'") }} as segment,
            standings.period_kind,
            standings.period_start,
            standings.period_end,
            standings.respondent_id as cluster_id,
            standings.value,
            standings.is_unknown,
            standings.exposure
        from {{ ref('int_metric_standings') }} as standings
        inner join uses
            on
                standings.role = uses.role
                and standings.family = uses.family
                and list_contains(uses.periods, standings.period_kind)
        where {{ condition }}
    ) as segmented
{% endmacro %}
