-- Grain: one metric x audience x cut x period of which segments are hidden beside others that are
-- shown: the hidden ones together, 'country=all others'. All less the shown ones is the same sum, so
-- it tells nothing new of anybody; it tells what the small ones are like, how sure.
-- Only where nobody stands in two segments at once, and where no interval is drawn from persons.
with

lines as (

    select
        suppression.*,
        bool_or(suppression.segment = 'all' and not suppression.is_suppressed) over (
            partition by
                suppression.metric, suppression.audience,
                suppression.period_kind, suppression.period_start
        ) as has_total,
        count(*) filter (where suppression.is_suppressed) over line as hidden_segments,
        count(*) over line as segments
    from {{ ref('int_metric_suppression') }} as suppression
    inner join {{ ref('metrics') }} as metrics on suppression.metric = metrics.metric
    where
        starts_with(metrics.segments, 'all|')
        and suppression.segment not like 'feedback=%'
        and metrics.interval_method <> 'cluster_bootstrap'
        -- With what they cost, how many of each hidden unit left could be worked out.
        and metrics.role <> 'turnover_cost'
        and (metrics.kind = 'additive' or (metrics.kind = 'distinct' and metrics.statistic <> 'ratio'))
    window line as (
        partition by
            suppression.metric, suppression.audience, suppression.cut,
            suppression.period_kind, suppression.period_start
    )

),

hidden as (

    select *
    from lines
    where
        is_suppressed
        and has_total
        and hidden_segments between 2 and segments - 1

),

pooled as (

    select
        hidden.metric,
        hidden.audience,
        hidden.cut,
        hidden.period_kind,
        hidden.period_start,
        max(hidden.enough) as enough,
        max(cells.period_end) as period_end,
        bool_or(cells.is_protected) as is_protected,
        bool_or(cells.has_unknown) as has_unknown,
        min(cells.first_scale) as first_scale,
        max(cells.last_scale) as last_scale,
        sum(cells.n) as n,
        sum(cells.exposure) as exposure,
        sum(cells.total) as total,
        sum(cells.total_squares) as total_squares,
        sum(cells.positives) as positives,
        sum(cells.negatives) as negatives,
        sum(cells.weighted_n) as weighted_n,
        sum(cells.weight_total) as weight_total,
        sum(cells.weight_squares) as weight_squares,
        sum(cells.weighted_total) as weighted_total,
        min(cells.scale_min) as scale_min,
        max(cells.scale_max) as scale_max
    from hidden
    inner join {{ ref('int_metric_cells__summed') }} as cells
        on
            hidden.metric = cells.metric
            and hidden.audience = cells.audience
            and hidden.segment = cells.segment
            and hidden.period_kind = cells.period_kind
            and hidden.period_start = cells.period_start
    group by all

),

summed as (

    select
        hidden.metric,
        hidden.audience,
        hidden.cut,
        hidden.period_kind,
        hidden.period_start,
        respondents.cluster_id,
        sum(respondents.total) as total,
        sum(respondents.exposure) as exposure
    from hidden
    inner join {{ ref('int_metric_respondents') }} as respondents
        on
            hidden.metric = respondents.metric
            and hidden.audience = respondents.audience
            and hidden.segment = respondents.segment
            and hidden.period_kind = respondents.period_kind
            and hidden.period_start = respondents.period_start
    group by all

),

persons as (

    {{ person_products(
        'select * from summed', ['metric', 'audience', 'cut', 'period_kind', 'period_start']
    ) }}

),

weighed as (

    {{ weighed_cells(
        'pooled', 'persons', ['metric', 'audience', 'cut', 'period_kind', 'period_start']
    ) }}

),

cells as (

    select
        weighed.*,
        {{ figures_of_other_statistics(['resampled_low', 'resampled_high', 'resampled_error']) }}
    from weighed
    inner join {{ ref('metrics') }} as metrics on weighed.metric = metrics.metric
    -- Those hidden in a line are enough together, or all of it is hidden: held here once more.
    where
        case
            when metrics.event = 'invitation' then weighed.persons_counted
            else weighed.persons
        end >= weighed.enough

),

final as (

    select
        metric,
        audience,
        concat(cut, '=all others') as segment,
        period_kind,
        period_start,
        period_end,
        is_protected,
        has_unknown,
        value,
        total as numerator,
        exposure as denominator,
        n,
        n_eff,
        low,
        high,
        value_weighted
    from ({{ estimated_cells('cells') }}) as estimated

)

select * from final
