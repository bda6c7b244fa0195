-- Grain: one audience, with one metric a component at its latest closed quarter (or wave).
-- Which metric stands for a component is chosen as on the scorecard page: a headline of the
-- registry, measured before not measured, relationship before the single interaction.
{%- set components = ['headline', 'success', 'effort', 'emotion', 'outcome'] %}
{%- set facts = [
    'metric', 'period_kind', 'period_start', 'value', 'low', 'high', 'n', 'status', 'change',
    'verdict', 'verdict_year',
] %}
with

audiences as (

    select * from {{ ref('dim_audiences') }}

),

metrics as (

    select * from {{ ref('dim_metrics') }}
    where is_headline

),

metric_values as (

    select
        metric_values.*,
        metrics.component
    from {{ ref('fct_metric_values') }} as metric_values
    inner join metrics
        on
            metric_values.metric = metrics.metric
            and metric_values.definition_version = metrics.definition_version
            and metric_values.period_kind = metrics.change_period
    where metric_values.segment = 'all'

),

-- Who was not measured has a row at the latest closed period too, so the latest is everybody's.
latest as (

    select
        metric,
        max(period_start) as period_start
    from metric_values
    group by metric

),

changes as (

    select * from {{ ref('fct_metric_changes') }}

),

coverage as (

    select * from {{ ref('fct_audience_coverage') }}

),

cells as (

    select
        metric_values.audience,
        metric_values.component,
        metric_values.metric,
        metric_values.period_kind,
        metric_values.period_start,
        metric_values.value,
        metric_values.low,
        metric_values.high,
        metric_values.n,
        metric_values.status,
        before.change,
        before.verdict,
        year_before.verdict as verdict_year
    from metric_values
    inner join latest
        on
            metric_values.metric = latest.metric
            and metric_values.period_start = latest.period_start
    left join changes as before
        on
            metric_values.metric = before.metric
            and metric_values.audience = before.audience
            and metric_values.period_kind = before.period_kind
            and metric_values.period_start = before.period_start
            and before.compared_with = 'period_before'
    left join changes as year_before
        on
            metric_values.metric = year_before.metric
            and metric_values.audience = year_before.audience
            and metric_values.period_kind = year_before.period_kind
            and metric_values.period_start = year_before.period_start
            and year_before.compared_with = 'year_before'

),

-- The score that an audience is steered by: that of its target, else its outcome.
offered as (

    select
        cells.*,
        false as is_target
    from cells

    union all by name

    select
        cells.* replace ('headline' as component),
        coalesce(cells.metric = audiences.target_metric, false) as is_target
    from cells
    inner join audiences on cells.audience = audiences.audience
    where cells.component = 'outcome' or cells.metric = audiences.target_metric

),

chosen as (

    select *
    from offered
    qualify
        row_number() over (
            partition by audience, component
            order by
                is_target desc,
                status = 'not_measured' asc,
                list_position(['nps', 'enps', 'csat'], metric) asc nulls last,
                metric asc
        ) = 1

),

wide as (

    select
        {%- for component in components %}
            {%- for fact in facts %}
                max({{ fact }}) filter (where component = '{{ component }}')
                    as {{ component }}_{{ fact }},
            {%- endfor %}
        {%- endfor %}
        audience
    from chosen
    group by audience

),

final as (

    select
        ---------- who, and who answers for it
        audiences.audience,
        audiences.label,
        audiences.family,
        audiences.rank,
        audiences.owner_role,
        audiences.published_persons as persons,
        audiences.target,

        ---------- one metric a component; what nobody measures says so
        {%- for component in components %}
            {%- for fact in facts if fact != 'status' %}
                wide.{{ component }}_{{ fact }},
            {%- endfor %}
            coalesce(wide.{{ component }}_status, 'not_measured') as {{ component }}_status,
        {%- endfor %}

        ---------- how much of the journey is owned, seen and heard
        coverage.coverage,
        coverage.declared,
        coverage.evidenced

    from audiences
    left join wide on audiences.audience = wide.audience
    left join coverage on audiences.audience = coverage.audience

)

select * from final
