-- Grain: one instrument x period x metric x cell of the margins, with the weight of its answerers.
-- Iterative proportional fitting: the weights of those who answered are scaled to the share that
-- each level has among the invited, margin after margin, a fixed number of times round, so that
-- the same answers give the same weights; then trimmed to [0.3, 3]. Whether it was enough is said.
{%- set rounds = 60 %}
{%- set margins = ['audience', 'country', 'department'] %}
with recursive

scored as (

    select * from {{ ref('int_survey_participation__scored') }}

),

levels as (

    select * from {{ ref('int_survey_participation__levels') }}

),

targets as (

    select
        instrument,
        period_kind,
        period_start,
        margin,
        counted_as,
        sum(invited) / sum(sum(invited)) over (
            partition by instrument, period_kind, period_start, margin
        ) as share
    from levels
    group by instrument, period_kind, period_start, margin, counted_as

),

cells as (

    select
        scored.instrument,
        scored.period_kind,
        scored.period_start,
        scored.metric,
        {%- for margin in margins %}
            coalesce({{ margin }}_levels.counted_as, '') as {{ margin }},
        {%- endfor %}
        count(*) as answerers,
        sum(scored.value) as total
    from scored
    {%- for margin in margins %}
        left join levels as {{ margin }}_levels
            on
                {{ margin }}_levels.margin = '{{ margin }}'
                and scored.instrument = {{ margin }}_levels.instrument
                and scored.period_kind = {{ margin }}_levels.period_kind
                and scored.period_start = {{ margin }}_levels.period_start
                and scored.{{ margin }} = {{ margin }}_levels.level
    {%- endfor %}
    group by all

),

-- A margin that a survey does not have asks for the whole of it.
aimed as (

    select
        cells.*,
        [{% for margin in margins %}cells.{{ margin }}{{ ', ' if not loop.last }}{% endfor %}] as cell_levels,
        [
            {%- for margin in margins %}
            coalesce({{ margin }}_targets.share, 1.0){{ ',' if not loop.last }}
            {%- endfor %}
        ] as shares,
        dense_rank() over (
            order by cells.instrument, cells.period_kind, cells.period_start, cells.metric
        ) as fit
    from cells
    {%- for margin in margins %}
        left join targets as {{ margin }}_targets
            on
                {{ margin }}_targets.margin = '{{ margin }}'
                and cells.instrument = {{ margin }}_targets.instrument
                and cells.period_kind = {{ margin }}_targets.period_kind
                and cells.period_start = {{ margin }}_targets.period_start
                and cells.{{ margin }} = {{ margin }}_targets.counted_as
    {%- endfor %}

),

raked as (

    select
        *,
        cast(1.0 as double) as weight,
        0 as step
    from aimed

    union all

    select
        * exclude (weight, step),
        weight * shares[step % {{ margins | length }} + 1]
        * sum(weight * answerers) over (partition by fit)
        / sum(weight * answerers) over (
            partition by fit, cell_levels[step % {{ margins | length }} + 1]
        ) as weight,
        step + 1 as step
    from raked
    where step < {{ rounds * (margins | length) }}

),

fitted as (

    select
        * exclude (weight, step),
        weight * sum(answerers) over (partition by fit)
        / sum(weight * answerers) over (partition by fit) as weight
    from raked
    where step = {{ rounds * (margins | length) }}

),

-- Every level of a margin must have its share; one in which nobody answered can not.
misses as (

    select
        fit,
        max(miss) as largest_miss
    from (
        {%- for margin in margins %}
            select
                fit,
                greatest(
                    max(abs(achieved - share)), abs(1.0 - sum(share))
                ) as miss
            from (
                select
                    fit,
                    {{ margin }},
                    any_value(shares[{{ loop.index }}]) as share,
                    sum(weight * answerers) / sum(sum(weight * answerers)) over (partition by fit)
                        as achieved
                from fitted
                group by fit, {{ margin }}
            ) as {{ margin }}_levels
            group by fit
            {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as margins
    group by fit

),

final as (

    select
        fitted.instrument,
        fitted.period_kind,
        fitted.period_start,
        fitted.metric,
        fitted.audience,
        fitted.country,
        fitted.department,
        fitted.answerers,
        fitted.total,
        fitted.weight as untrimmed_weight,
        greatest(least(fitted.weight, 3.0), 0.3) as weight,
        misses.largest_miss,
        misses.largest_miss <= 1e-6 as is_converged
    from fitted
    inner join misses on fitted.fit = misses.fit

)

select * from final
