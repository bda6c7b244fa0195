-- Grain: one headline metric x audience: its latest closed period against the one before.
-- The error of the difference is linearised over the persons of both periods, so people who
-- answered twice count as pairs. Waiting times, and cells in which all answers are alike, take the
-- independent errors of their intervals.
with

metrics as (

    select * from {{ ref('metrics') }}
    where is_headline

),

audiences as (

    select * from {{ ref('audiences') }}

),

estimates as (

    select estimates.*
    from {{ ref('int_metric_estimates') }} as estimates
    inner join metrics
        on
            estimates.metric = metrics.metric
            and estimates.period_kind = metrics.change_period
    where estimates.segment = 'all'

),

shown as (

    select * from {{ ref('int_metric_suppression') }}
    where not is_suppressed and segment = 'all'

),

periods as (

    select
        metrics.metric,
        periods.period_start
    from metrics
    inner join {{ ref('int_metric_periods') }} as periods
        on metrics.change_period = periods.period_kind

    union

    select
        metric,
        period_start
    from estimates

),

-- The latest closed period of the metric and the one before it, whoever answered in them.
compared as (

    select
        metric,
        period_start,
        lag(period_start) over by_time as previous_start
    from periods
    window
        by_time as (
            partition by metric order by period_start asc
        )
    qualify
        row_number() over (
            partition by metric order by period_start desc
        ) = 1

),

pairs as (

    select
        now.metric,
        now.audience,
        now.period_kind,
        now.period_start,
        now.period_end,
        before.period_start as previous_start,
        now.value,
        before.value as previous_value,
        now.denominator,
        before.denominator as previous_denominator,
        now.is_protected,
        now.std_error,
        before.std_error as previous_std_error
    from estimates as now
    inner join compared
        on
            now.metric = compared.metric
            and now.period_start = compared.period_start
    inner join estimates as before
        on
            now.metric = before.metric
            and now.audience = before.audience
            and compared.previous_start = before.period_start
            and now.period_start >= before.period_end
    inner join shown as shown_now
        on
            now.metric = shown_now.metric
            and now.audience = shown_now.audience
            and now.period_kind = shown_now.period_kind
            and now.period_start = shown_now.period_start
    inner join shown as shown_before
        on
            before.metric = shown_before.metric
            and before.audience = shown_before.audience
            and before.period_kind = shown_before.period_kind
            and before.period_start = shown_before.period_start

),

contributions as (

    select
        pairs.metric,
        pairs.audience,
        person_periods.cluster_id,
        sum(case
            when person_periods.period_start = pairs.period_start
                then
                    (person_periods.total - sums.mean * person_periods.exposure)
                    / pairs.denominator
            else
                -(person_periods.total - sums.mean * person_periods.exposure)
                / pairs.previous_denominator
        end) as contribution,
        count(distinct person_periods.period_start) as periods,
        sum(person_periods.n) as answers
    from pairs
    inner join {{ ref('int_metric_person_periods') }} as person_periods
        on
            pairs.metric = person_periods.metric
            and pairs.audience = person_periods.audience
            and pairs.period_kind = person_periods.period_kind
            and person_periods.period_start in (pairs.period_start, pairs.previous_start)
    inner join {{ ref('int_metric_cells__summed') }} as sums
        on
            person_periods.metric = sums.metric
            and person_periods.audience = sums.audience
            and person_periods.segment = sums.segment
            and person_periods.period_kind = sums.period_kind
            and person_periods.period_start = sums.period_start
    where person_periods.segment = 'all'
    group by all

),

paired as (

    select
        metric,
        audience,
        sqrt(
            sum(contribution * contribution) * count(*) / nullif(count(*) - 1, 0)
        ) as std_error,
        count(*) filter (where periods = 1) as moved,
        sum(answers) filter (where periods = 2) * 2 >= sum(answers) as is_paired
    from contributions
    group by metric, audience

),

tested as (

    select
        pairs.metric,
        pairs.audience,
        pairs.period_kind,
        pairs.period_start,
        pairs.period_end,
        pairs.previous_start,
        pairs.previous_value,
        pairs.value - pairs.previous_value as change,
        coalesce(
            case when paired.std_error > 1e-9 then paired.std_error end
            * case when metrics.unit in ('score', 'per_hundred') then 100.0 else 1.0 end,
            sqrt(
                pairs.std_error * pairs.std_error
                + pairs.previous_std_error * pairs.previous_std_error
            )
        ) as std_error,
        coalesce(paired.is_paired, false) as is_paired
    from pairs
    inner join metrics on pairs.metric = metrics.metric
    left join paired
        on
            pairs.metric = paired.metric
            and pairs.audience = paired.audience
    left join audiences on pairs.audience = audiences.audience
    -- Between waves of a protected instrument few joiners or leavers would stand out.
    where
        not pairs.is_protected
        or paired.moved = 0
        or paired.moved >= greatest(coalesce(audiences.minimum_group, 5), 5)

),

with_p as (

    select
        tested.*,
        {{ two_sided_p('tested.change / nullif(tested.std_error, 0)') }} as p_value
    from tested

),

-- Benjamini-Hochberg at 5 % over all headline tests of this publication.
ranked as (

    select
        with_p.*,
        row_number() over (order by with_p.p_value asc nulls last) as position,
        count(with_p.p_value) over () as tests
    from with_p

),

cutoff as (

    select max(position) as position
    from ranked
    where p_value <= 0.05 * position / tests

),

final as (

    select
        ranked.metric,
        ranked.audience,
        ranked.period_kind,
        ranked.period_start,
        ranked.period_end,
        ranked.previous_start,
        ranked.previous_value,
        ranked.change,
        ranked.change - 1.959964 * ranked.std_error as low,
        ranked.change + 1.959964 * ranked.std_error as high,
        ranked.p_value,
        case
            when ranked.p_value is null or ranked.position > coalesce(cutoff.position, 0)
                then 'no clear change'
            when ranked.change > 0 then 'up'
            else 'down'
        end as verdict,
        -- 80 % power at 5 %, two-sided, for one test alone.
        (1.959964 + 0.841621) * ranked.std_error as smallest_detectable,
        ranked.is_paired
    from ranked
    cross join cutoff

)

select * from final
