-- Grain: one estimate, with whether it must be hidden.
-- Primary: fewer distinct respondents than the audience's minimum group. Complementary: while a
-- sibling is hidden, the next smallest is hidden too until those hidden together (and those in no
-- segment) are at least the minimum, so that no rest can be had by subtracting from the parent.
with

estimates as (

    select * from {{ ref('int_metric_estimates') }}

),

audiences as (

    select * from {{ ref('audiences') }}

),

metrics as (

    select * from {{ ref('metrics') }}

),

sized as (

    select
        estimates.metric,
        estimates.audience,
        estimates.segment,
        estimates.period_kind,
        estimates.period_start,
        regexp_replace(estimates.segment, '=[^;]*', '', 'g') as cut,
        greatest(coalesce(audiences.minimum_group, 5), 5) as minimum_group,
        case
            when metrics.event = 'invitation' then estimates.persons_counted
            else estimates.persons
        end as respondents
    from estimates
    inner join metrics on estimates.metric = metrics.metric
    left join audiences on estimates.audience = audiences.audience

),

parents as (

    select
        metric,
        audience,
        period_kind,
        period_start,
        respondents
    from sized
    where segment = 'all'

),

rests as (

    select
        sized.metric,
        sized.audience,
        sized.period_kind,
        sized.period_start,
        sized.cut,
        greatest(any_value(parents.respondents) - sum(sized.respondents), 0) as unlabelled,
        bool_or(sized.respondents < sized.minimum_group) as has_small,
        any_value(sized.minimum_group) as minimum_group
    from sized
    inner join parents
        on
            sized.metric = parents.metric
            and sized.audience = parents.audience
            and sized.period_kind = parents.period_kind
            and sized.period_start = parents.period_start
    where sized.segment <> 'all'
    group by all

),

final as (

    select
        sized.metric,
        sized.audience,
        sized.segment,
        sized.period_kind,
        sized.period_start,
        sized.respondents < sized.minimum_group
        or coalesce(
            (
                rests.has_small
                or rests.unlabelled between 1 and rests.minimum_group - 1
            )
            and rests.unlabelled + coalesce(sum(sized.respondents) over (
                partition by
                    sized.metric, sized.audience, sized.cut,
                    sized.period_kind, sized.period_start
                order by sized.respondents asc, sized.segment asc
                rows between unbounded preceding and 1 preceding
            ), 0) < rests.minimum_group,
            false
        ) as is_suppressed
    from sized
    left join rests
        on
            sized.metric = rests.metric
            and sized.audience = rests.audience
            and sized.cut = rests.cut
            and sized.period_kind = rests.period_kind
            and sized.period_start = rests.period_start
            and sized.segment <> 'all'

)

select * from final
