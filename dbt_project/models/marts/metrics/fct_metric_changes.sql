-- Grain: one headline metric x audience x way of comparing: two disjoint, closed periods.
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

    select * from {{ ref('int_metric_estimates') }}
    where segment = 'all'

),

shown as (

    select * from {{ ref('int_metric_suppression') }}
    where not is_suppressed and segment = 'all'

),

-- What was promised confidentiality is compared as it was told, not as it is known since.
told as (

    select * from {{ ref('fct_metric_values') }}
    where segment = 'all' and is_protected

),

comparisons as (

    select * from {{ ref('int_metric_comparisons') }}

),

pairs as (

    select
        comparisons.metric,
        comparisons.compared_with,
        now.audience,
        comparisons.period_kind,
        comparisons.period_start,
        now.period_end,
        comparisons.previous_kind,
        comparisons.previous_start,
        before.period_end as previous_end,
        case when now.is_protected then told_now.value else now.value end as value,
        case when before.is_protected then told_before.value else before.value end
            as previous_value,
        now.denominator,
        before.denominator as previous_denominator,
        now.is_protected or before.is_protected as is_protected,
        now.std_error,
        before.std_error as previous_std_error,
        now.series_key,
        now.period_key,
        before.period_key as previous_key
    from comparisons
    inner join estimates as now
        on
            comparisons.metric = now.metric
            and comparisons.period_kind = now.period_kind
            and comparisons.period_start = now.period_start
    inner join estimates as before
        on
            comparisons.metric = before.metric
            and comparisons.previous_kind = before.period_kind
            and comparisons.previous_start = before.period_start
            and now.audience = before.audience
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
    left join told as told_now
        on
            now.metric = told_now.metric
            and now.audience = told_now.audience
            and now.period_kind = told_now.period_kind
            and now.period_start = told_now.period_start
    left join told as told_before
        on
            before.metric = told_before.metric
            and before.audience = told_before.audience
            and before.period_kind = told_before.period_kind
            and before.period_start = told_before.period_start
    where
        (not now.is_protected or told_now.value is not null)
        and (not before.is_protected or told_before.value is not null)

),

sides as (

    select
        metric,
        compared_with,
        audience,
        series_key,
        period_key,
        1.0 / denominator as share
    from pairs

    union all

    select
        metric,
        compared_with,
        audience,
        series_key,
        previous_key as period_key,
        -1.0 / previous_denominator as share
    from pairs

),

wanted as (

    select distinct
        metric,
        series_key,
        period_key
    from sides

),

person_sums as (

    {{ person_periods('wanted') }}

),

contributions as (

    select
        sides.metric,
        sides.compared_with,
        sides.audience,
        person_sums.cluster_id,
        sum(
            (person_sums.total - cells.mean * person_sums.exposure) * sides.share
        ) as contribution,
        count(*) as periods,
        sum(person_sums.n) as answers
    from sides
    inner join person_sums
        on
            sides.series_key = person_sums.series_key
            and sides.period_key = person_sums.period_key
    inner join {{ ref('int_metric_cells__summed') }} as cells
        on
            sides.series_key = cells.series_key
            and sides.period_key = cells.period_key
    group by
        sides.metric,
        sides.compared_with,
        sides.audience,
        person_sums.cluster_id

),

paired as (

    select
        metric,
        compared_with,
        audience,
        sqrt(
            sum(contribution * contribution) * count(*) / nullif(count(*) - 1, 0)
        ) as std_error,
        count(*) filter (where periods = 1) as moved,
        sum(answers) filter (where periods = 2) * 2 >= sum(answers) as is_paired
    from contributions
    group by metric, compared_with, audience

),

tested as (

    select
        pairs.metric,
        pairs.audience,
        pairs.compared_with,
        pairs.period_kind,
        pairs.period_start,
        pairs.period_end,
        pairs.previous_start,
        pairs.previous_end,
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
            and pairs.compared_with = paired.compared_with
            and pairs.audience = paired.audience
    left join audiences on pairs.audience = audiences.audience
    -- Between waves of a protected instrument few joiners or leavers would stand out.
    where
        not pairs.is_protected
        or paired.moved = 0
        or paired.moved >= {{ minimum_group('audiences') }}

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
        ranked.compared_with,
        ranked.period_kind,
        ranked.period_start,
        ranked.period_end,
        ranked.previous_start,
        ranked.previous_end,
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
