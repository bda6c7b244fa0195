{#
    Standings under `condition` with the metrics and segments that each counts for. It may name
    `standings` (int_metric_standings) and `uses`, which the model has, like int_metric_uses. Told
    anew where it is asked: one name that is read twice would put tens of millions of rows aside.
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
