{#
    Numbers that stand for the strings and dates of a cell while millions of rows are grouped by
    them. Two series or anchors with one number would be added up: int_metric_event_groups,
    int_metric_series and int_metric_placements test that there are none.
#}

{# A metric, audience and segment. #}
{% macro series_key(metric, audience, segment) -%}
    hash({{ metric }}, {{ audience }}, {{ segment }})
{%- endmacro %}

{# What events have alike that count for the same metrics in the same segments. #}
{% macro event_group_key() -%}
    hash(
        event, role, source, audience, family, feedback_kind, scale_min, scale_max, dimensions
    )
{%- endmacro %}

{#
    What places an observation in the periods of its metric: its day, wave or snapshot, and whether
    it is protected. Of waits the metrics of a curve share it.
#}
{% macro anchor_key(counted) -%}
    hash({{ counted }}, is_protected, observed_on, wave_opened_on, wave_closed_on, snapshot_date)
{%- endmacro %}

{# A period, by kind and first day: no two have one number. #}
{% macro period_key(kind, start) -%}
    (date_diff('day', date '1970-01-01', {{ start }}) + 1000000 + 10000000 * case {{ kind }}
        {%- for known in [
            'day', 'week', 'month', 'quarter', 'year', 'wave', 'snapshot', 'trailing_28',
            'trailing_90', 'trailing_365', 'preceding_90',
        ] %}
        when '{{ known }}' then {{ loop.index }}
        {%- endfor %}
    end)
{%- endmacro %}

{# The persons of a relation, each with a number: millions of rows are grouped by it. #}
{% macro numbered_clusters(relation) %}
    select
        cluster_id,
        row_number() over (order by cluster_id asc) as number
    from {{ relation }}
    group by cluster_id
{% endmacro %}
