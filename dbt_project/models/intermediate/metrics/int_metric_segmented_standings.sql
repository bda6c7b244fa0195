-- Grain: one person's standing x metric x segment that it counts for.
with

standings as (

    select * from {{ ref('int_metric_standings') }}

),

uses as (

    select * from {{ ref('int_metric_uses') }}
    where kind = 'distinct'

),

parts as (

    select
        uses.metric,
        standings.audience,
        {{ segment('uses.cut', 'standings.dimensions', "'triggered'") }} as segment,
        standings.period_kind,
        standings.period_start,
        standings.period_end,
        standings.respondent_id as cluster_id,
        standings.value,
        standings.is_unknown,
        standings.exposure,
        standings.is_in_parts
    from standings
    inner join uses
        on
            standings.role = uses.role
            and standings.family = uses.family
            and list_contains(uses.periods, standings.period_kind)

),

keyed as (

    select
        *,
        {{ series_key('metric', 'audience', 'segment') }} as series_key,
        {{ period_key('period_kind', 'period_start') }} as period_key
    from parts

),

-- Parts of one standing that fall into the same segment are one again. Most standings are no parts:
-- grouping those too would hold each of millions against all others, to find it alone.
final as (

    select * exclude (is_in_parts)
    from keyed
    where not is_in_parts

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
        bool_or(is_unknown) as is_unknown
    from keyed
    where is_in_parts
    group by series_key, period_key, cluster_id

)

select * from final
