-- Grain: one metric x family x cut: what an event or standing of a role counts for.
-- The lists of the registry, taken apart once.
with

families as (

    select
        *,
        unnest(string_split(families, '|')) as family
    from {{ ref('metrics') }}

),

cuts as (

    select
        *,
        unnest(string_split(segments, '|')) as cut
    from families

),

final as (

    select
        metric,
        kind,
        statistic,
        event,
        role,
        -- Quantiles of the same waits of the same families are read from one curve.
        case when kind = 'quantile' then role || ' ' || families end as curve,
        family,
        cut,
        {{ placed_periods() }} as periods,
        (
            -- Its interval is drawn from its persons (int_metric_resamples).
            interval_method = 'cluster_bootstrap'
            -- Whoever stood in both periods counts as a pair (fct_metric_changes).
            or change_period is not null
            -- What is hidden together is counted by persons (int_metric_respondents).
            or cut <> 'all'
        ) as asks_for_persons,
        scale_min,
        scale_max,
        top_from,
        bottom_to
    from cuts

)

select * from final
