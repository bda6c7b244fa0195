{#
    What each person adds to each cell: series_key, period_key, cluster_id, n, total, exposure. Of
    the rows of `cells` (metric, series_key, period_key) alone: there are millions, of which most
    readers need few. The metric is known by the series, and yet told: without it each cell would
    meet the days of every metric.
#}
{% macro person_periods(cells) %}
    {{ observed_periods(cells) }}

    union all

    select
        standings.series_key,
        standings.period_key,
        standings.cluster_id,
        1 as n,
        standings.value as total,
        standings.exposure
    from {{ ref('int_metric_segmented_standings') }} as standings
    inner join {{ cells }} as wanted
        on
            standings.series_key = wanted.series_key
            and standings.period_key = wanted.period_key
{% endmacro %}

{#
    The same of those who were observed and did not stand: of all cells, or of `cells` alone; of
    int_metric_observations, or of what a query made of them; in all periods, or of `kinds` alone.
#}
{% macro observed_periods(cells=none, observed=none, kinds=none) %}
    select
        observations.series_key,
        placements.period_key,
        observations.cluster_id,
        count(*) as n,
        sum(observations.value) as total,
        sum(observations.exposure) as exposure
    from {{ observed or ref('int_metric_observations') }} as observations
    inner join {{ ref('int_metric_placements') }} as placements
        on observations.anchor_key = placements.anchor_key
    {% if cells %}
        inner join {{ cells }} as wanted
            on
                observations.series_key = wanted.series_key
                and placements.metric = wanted.metric
                and placements.period_key = wanted.period_key
    {% endif %}
    {% if kinds %}
        where placements.period_kind {{ kinds }}
    {% endif %}
    group by observations.series_key, placements.period_key, observations.cluster_id
{% endmacro %}
