-- Grain: one instrument x period x metric x cell of the margins, with the weight of its answerers.
-- Iterative proportional fitting: the weights of those who answered are scaled to the share that
-- each level has among the invited, margin after margin, a fixed number of times round, so that
-- the same answers give the same weights; then trimmed to [0.3, 3]. Whether it was enough is said.
{%- set rounds = 60 %}
with recursive

targets as (

    select
        instrument,
        period_kind,
        period_start,
        margin,
        level,
        counted_as,
        sum(invited) over (
            partition by instrument, period_kind, period_start, margin, counted_as
        ) / sum(invited) over (
            partition by instrument, period_kind, period_start, margin
        ) as share
    from {{ ref('int_survey_participation__levels') }}

),

shares_to_meet as (

    select
        instrument,
        period_kind,
        period_start,
        list(distinct margin || '=' || counted_as) as levels
    from targets
    group by instrument, period_kind, period_start

),

placed as (

    unpivot (
        select
            instrument,
            period_kind,
            period_start,
            metric,
            invitation_id,
            value as score,
            audience,
            country,
            department
        from {{ ref('int_survey_participation__scored') }}
    )
    on audience, country, department
    into name margin value level

),

answerers as (

    select
        placed.instrument,
        placed.period_kind,
        placed.period_start,
        placed.metric,
        placed.invitation_id,
        any_value(placed.score) as score,
        list(targets.margin || '=' || targets.counted_as order by targets.margin) as cell,
        list(targets.share order by targets.margin) as shares
    from placed
    inner join targets
        on
            placed.instrument = targets.instrument
            and placed.period_kind = targets.period_kind
            and placed.period_start = targets.period_start
            and placed.margin = targets.margin
            and placed.level = targets.level
    group by all

),

cells as (

    select
        instrument,
        period_kind,
        period_start,
        metric,
        cell,
        shares,
        dense_rank() over (
            order by instrument asc, period_kind asc, period_start asc, metric asc
        ) as fit,
        count(*) as answerers,
        sum(score) as total
    from answerers
    group by instrument, period_kind, period_start, metric, cell, shares

),

{{ raked('cells', rounds) }},

achieved as (

    select
        fit,
        level,
        any_value(wanted) as wanted,
        sum(weight * answerers) / any_value(everybody) as share
    from (
        select
            fit,
            weight,
            answerers,
            sum(weight * answerers) over (partition by fit) as everybody,
            unnest(cell) as level,
            unnest(shares) as wanted
        from fitted
    ) as levels
    group by fit, level

),

misses as (

    select
        fit,
        max(abs(share - wanted)) as largest_miss,
        count(*) as levels
    from achieved
    group by fit

),

final as (

    select
        fitted.instrument,
        fitted.period_kind,
        fitted.period_start,
        fitted.metric,
        fitted.cell,
        fitted.answerers,
        fitted.total,
        fitted.weight as untrimmed_weight,
        greatest(least(fitted.weight, 3.0), 0.3) as weight,
        misses.largest_miss,
        -- A level in which nobody gave a score can not have its share.
        misses.largest_miss <= 1e-6
        and misses.levels = len(shares_to_meet.levels) as is_converged
    from fitted
    inner join misses on fitted.fit = misses.fit
    inner join shares_to_meet
        on
            fitted.instrument = shares_to_meet.instrument
            and fitted.period_kind = shares_to_meet.period_kind
            and fitted.period_start = shares_to_meet.period_start

)

select * from final
