-- Grain: one person's standing x metric x segment that it counts for.
-- Of whom it is asked one by one, not of all: they are tens of millions, and what all of them add up
-- to is int_metric_standing_sums.
with

uses as (

    select
        uses.*,
        (
            -- Its interval is drawn from its persons (int_metric_resamples).
            metrics.interval_method = 'cluster_bootstrap'
            -- Whoever stood in both periods counts as a pair (fct_metric_changes).
            or metrics.change_period is not null
            -- What is hidden together is counted by persons (int_metric_respondents).
            or uses.cut <> 'all'
        ) as asks_for_persons
    from {{ ref('int_metric_uses') }} as uses
    inner join {{ ref('metrics') }} as metrics on uses.metric = metrics.metric
    where uses.kind = 'distinct'

),

whole as (

    {{ segmented_standings('not standings.is_in_parts and uses.asks_for_persons') }}

),

-- What several parts add up to is known of each person first, whoever asks.
parts as (

    {{ segmented_standings('standings.is_in_parts') }}

),

-- Parts of one standing that fall into the same segment are one again. Most standings are no parts:
-- grouping those too would hold each of millions against all others, to find it alone.
final as (

    select
        *,
        false as is_in_parts
    from whole

    union all by name

    select
        series_key,
        period_key,
        cluster_id,
        any_value(metric) as metric,
        any_value(audience) as audience,
        any_value(segment) as segment,
        any_value(period_kind) as period_kind,
        any_value(period_start) as period_start,
        any_value(period_end) as period_end,
        sum(value) as value,
        sum(exposure) as exposure,
        bool_or(is_unknown) as is_unknown,
        true as is_in_parts
    from parts
    group by series_key, period_key, cluster_id

)

select * from final
