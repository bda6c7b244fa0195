-- Grain: one metric x audience, with the source that lags most among those that feed it.
with

stood as (

    select distinct
        role,
        audience,
        family,
        period_kind,
        sources
    from {{ ref('int_metric_standing_groups') }}

),

observations as (

    select distinct
        coalesce(uses.metric, groups.counted) as metric,
        groups.audience,
        groups.source
    from {{ ref('int_metric_event_groups') }} as groups
    left join {{ ref('int_metric_uses') }} as uses on groups.counted = uses.curve

    union

    select distinct
        uses.metric,
        stood.audience,
        unnest(string_split(stood.sources, '|')) as source
    from stood
    inner join {{ ref('int_metric_uses') }} as uses
        on
            stood.role = uses.role
            and stood.family = uses.family
            and list_contains(uses.periods, stood.period_kind)
    where uses.kind = 'distinct'

),

freshness as (

    select * from {{ ref('int_sources__freshness') }}

),

final as (

    select
        observations.metric,
        observations.audience,
        max(freshness.lag_minutes) as source_lag_minutes,
        min(freshness.last_loaded_as_of) as last_loaded_as_of
    from observations
    left join freshness on observations.source = freshness.source
    group by observations.metric, observations.audience

)

select * from final
