-- Grain: one estimate, with whether it must be hidden.
-- Small: fewer distinct respondents than the audience's minimum group, or ten of what was written, or
-- fewer than ten who all answered alike.
-- Beside a small one others are hidden too, so that nothing can be had by subtracting what is shown:
-- 1. in a cut, the unlabelled and then the next smallest, until those hidden together are enough;
--    not where the metric has no other cut, so that no total is shown to subtract from;
-- 2. the months of a quarter of a cut, all of them, while one of its cells is small; of a single line
--    the next smallest month alone; and the days of a week;
-- 3. a year, while one of its quarters is hidden;
-- 4. a trailing window over months of which some are hidden, or whose first days are too few;
-- 5. whatever overlaps a quarter that pools identified with protected answers;
-- 6. what leavers cost where turnover is hidden, and the total while it hides any unit: of costs and
--    leavers together that are left over, the leavers of each hidden unit could be worked out.
with

placed as (

    {{ sized_estimates() }}

),

-- A respondent of several cells counts once, in the first of them.
first_cells as (

    select
        placed.metric,
        placed.audience,
        placed.cut,
        placed.period_kind,
        placed.period_start,
        respondents.cluster_id,
        min(placed.position) as position
    from placed
    inner join {{ ref('int_metric_respondents') }} as respondents
        on
            placed.metric = respondents.metric
            and placed.audience = respondents.audience
            and placed.segment = respondents.segment
            and placed.period_kind = respondents.period_kind
            and placed.period_start = respondents.period_start
    where placed.has_small and placed.cut <> 'all' and respondents.has_responded
    group by all

),

added as (

    select
        metric,
        audience,
        cut,
        period_kind,
        period_start,
        position,
        count(*) as respondents
    from first_cells
    group by all

),

hidden_in_cut as (

    select
        placed.*,
        placed.is_small
        or placed.is_unlabelled
        or (
            placed.has_small
            and placed.cut <> 'all'
            and placed.has_other_cuts
            and coalesce(sum(added.respondents) over (
                partition by
                    placed.metric, placed.audience, placed.cut,
                    placed.period_kind, placed.period_start
                order by placed.position asc
                rows between unbounded preceding and 1 preceding
            ), 0) < placed.enough
        ) as is_hidden
    from placed
    left join added
        on
            placed.metric = added.metric
            and placed.audience = added.audience
            and placed.cut = added.cut
            and placed.period_kind = added.period_kind
            and placed.period_start = added.period_start
            and placed.position = added.position

),

blocks as (

    select
        hidden_in_cut.*,
        bool_or(hidden_in_cut.is_small) over (
            partition by
                hidden_in_cut.metric, hidden_in_cut.audience, hidden_in_cut.cut,
                hidden_in_cut.period_kind, date_trunc('quarter', hidden_in_cut.period_start)
        ) as has_small_in_quarter,
        bool_or(hidden_in_cut.is_small) over (
            partition by
                hidden_in_cut.metric, hidden_in_cut.audience, hidden_in_cut.cut,
                hidden_in_cut.period_kind, date_trunc('week', hidden_in_cut.period_start)
        ) as has_small_in_week,
        -- Months of one line: those before are smaller.
        coalesce(lag(hidden_in_cut.respondents) over (
            partition by
                hidden_in_cut.metric, hidden_in_cut.audience, hidden_in_cut.cut,
                hidden_in_cut.period_kind, date_trunc('quarter', hidden_in_cut.period_start)
            order by hidden_in_cut.respondents asc, hidden_in_cut.period_start asc
        ), 0) < hidden_in_cut.enough as is_next_smallest,
        bool_or(hidden_in_cut.is_hidden and hidden_in_cut.period_kind = 'quarter') over (
            partition by
                hidden_in_cut.metric, hidden_in_cut.audience, hidden_in_cut.segment,
                date_trunc('year', hidden_in_cut.period_start)
        ) as has_hidden_quarter
    from hidden_in_cut

),

nested as (

    select
        *,
        is_unlabelled
        or case
            when period_kind = 'day' then is_hidden or has_small_in_week
            when not adds_up then is_hidden
            when period_kind = 'month' and stands_alone
                then is_hidden or (has_small_in_quarter and is_next_smallest)
            when period_kind = 'month' then has_small_in_quarter
            when period_kind = 'year' then is_hidden or has_hidden_quarter
            else is_hidden
        end as is_hidden_nested
    from blocks

),

-- A trailing window over a month of the cut that is hidden.
over_hidden as (

    select distinct
        windows.metric,
        windows.audience,
        windows.cut,
        windows.period_kind,
        windows.period_start
    from (
        select distinct
            metric,
            audience,
            cut,
            period_kind,
            period_start,
            unnest(generate_series(
                date_trunc('month', period_start),
                cast(period_end - interval 1 day as timestamp),
                interval 1 month
            )) as month
        from nested
        where
            period_kind like 'trailing%'
            and adds_up
            and (is_of_answers or period_start = date_trunc('month', period_start))
            -- A quarter by another name is what the quarter is.
            and not (
                period_start = date_trunc('quarter', period_start)
                and period_end = period_start + interval 3 month
            )
    ) as windows
    inner join nested as months
        on
            windows.metric = months.metric
            and windows.audience = months.audience
            and windows.cut = months.cut
            and windows.month = months.period_start
            and months.period_kind = 'month'
            and months.is_hidden_nested
            and not months.is_unlabelled

),

-- Beside a quarter that is told by itself alone nothing else of it is told.
mixed as (

    select distinct
        cells.metric,
        cells.audience,
        cells.period_kind,
        cells.period_start
    from (
        select distinct
            nested.metric,
            nested.audience,
            nested.period_kind,
            nested.period_start,
            unnest(generate_series(
                date_trunc('quarter', nested.period_start),
                cast(nested.period_end - interval 1 day as timestamp),
                interval 3 month
            )) as quarter
        from nested
        inner join (
            select distinct
                metric,
                audience
            from {{ ref('int_metric_mixtures') }}
        ) as affected
            on nested.metric = affected.metric and nested.audience = affected.audience
        where nested.period_kind not in ('quarter', 'wave', 'snapshot')
    ) as cells
    inner join {{ ref('int_metric_mixtures') }} as mixtures
        on
            cells.metric = mixtures.metric
            and cells.audience = mixtures.audience
            and cells.quarter = mixtures.quarter

),

cost_of_hidden as (

    select distinct
        costs.metric,
        costs.audience,
        costs.segment,
        costs.period_kind,
        costs.period_start
    from nested as costs
    inner join nested as turnover
        on
            costs.audience = turnover.audience
            and costs.period_kind = turnover.period_kind
            and costs.period_start = turnover.period_start
            and costs.metric = 'turnover_cost'
            and turnover.metric = 'turnover'
            and turnover.is_hidden_nested
    where costs.segment in (turnover.segment, 'all')

),

final as (

    select
        nested.metric,
        nested.audience,
        nested.segment,
        nested.cut,
        nested.period_kind,
        nested.period_start,
        nested.enough,
        nested.is_unlabelled,
        nested.is_hidden_nested
        or mixed.metric is not null
        or over_hidden.metric is not null
        or too_few.metric is not null
        or cost_of_hidden.metric is not null as is_suppressed
    from nested
    left join over_hidden
        on
            nested.metric = over_hidden.metric
            and nested.audience = over_hidden.audience
            and nested.cut = over_hidden.cut
            and nested.period_kind = over_hidden.period_kind
            and nested.period_start = over_hidden.period_start
    left join mixed
        on
            nested.metric = mixed.metric
            and nested.audience = mixed.audience
            and nested.period_kind = mixed.period_kind
            and nested.period_start = mixed.period_start
    left join {{ ref('int_metric_overlaps') }} as too_few
        on
            nested.metric = too_few.metric
            and nested.audience = too_few.audience
            and nested.cut = too_few.cut
            and nested.period_kind = too_few.period_kind
            and nested.period_start = too_few.period_start
    left join cost_of_hidden
        on
            nested.metric = cost_of_hidden.metric
            and nested.audience = cost_of_hidden.audience
            and nested.segment = cost_of_hidden.segment
            and nested.period_kind = cost_of_hidden.period_kind
            and nested.period_start = cost_of_hidden.period_start

)

select * from final
