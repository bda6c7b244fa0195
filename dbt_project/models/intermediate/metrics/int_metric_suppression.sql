-- Grain: one estimate, with whether it must be hidden.
-- Small: fewer distinct respondents than the audience's minimum group, or ten of what was written.
-- Beside a small one others are hidden too, so that nothing can be had by subtracting what is shown:
-- 1. in a cut, the unlabelled and then the next smallest, until those hidden together are enough;
--    not where the metric has no other cut, so that no total is shown to subtract from;
-- 2. the months of a quarter of a cut, all of them, while one of its cells is small;
-- 3. a year, while one of its quarters is hidden.
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
    where placed.has_small and placed.cut <> 'all'
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
            ), 0) < placed.minimum_group
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
        bool_or(hidden_in_cut.is_hidden and hidden_in_cut.period_kind = 'quarter') over (
            partition by
                hidden_in_cut.metric, hidden_in_cut.audience, hidden_in_cut.segment,
                date_trunc('year', hidden_in_cut.period_start)
        ) as has_hidden_quarter
    from hidden_in_cut

),

final as (

    select
        metric,
        audience,
        segment,
        period_kind,
        period_start,
        is_unlabelled,
        case period_kind
            when 'month' then is_unlabelled or has_small_in_quarter
            when 'year' then is_hidden or has_hidden_quarter
            else is_hidden
        end as is_suppressed
    from blocks

)

select * from final
