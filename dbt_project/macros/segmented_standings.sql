{#
    Standings under `condition` with the metrics and segments that each counts for. It may name
    `standings` (int_metric_standings) and `labels`, which the model has: int_metric_uses with the
    segment of each of the dimensions that stand in a role. Told anew where it is asked: one name
    that is read twice would put tens of millions of rows aside.
#}
{% macro segmented_standings(condition) %}
    select
        {{ series_key('labels.metric', 'standings.audience', 'labels.segment') }} as series_key,
        {{ period_key('standings.period_kind', 'standings.period_start') }} as period_key,
        standings.respondent_id as cluster_id,
        standings.value,
        standings.exposure,
        standings.is_unknown
    from {{ ref('int_metric_standings') }} as standings
    inner join labels
        on
            standings.role = labels.role
            and standings.family = labels.family
            and standings.dimensions = labels.dimensions
            and list_contains(labels.periods, standings.period_kind)
    where {{ condition }}
{% endmacro %}
