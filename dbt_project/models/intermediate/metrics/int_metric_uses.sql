-- Grain: one metric x family x cut: what an event or standing of a role counts for.
-- The lists of the registry, taken apart once.
with

families as (

    select
        *,
        unnest(string_split(families, '|')) as family
    from {{ ref('metrics') }}

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
        unnest(string_split(segments, '|')) as cut,
        {{ placed_periods() }} as periods,
        scale_min,
        scale_max,
        top_from,
        bottom_to
    from families

)

select * from final
