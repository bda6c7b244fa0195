-- Grain: one audience x driver of the score that it is steered by x initiative that acts on it, if any.
-- impact = importance of the driver x share of people touched x distance to the target, with the
-- interval of all that goes in; effort is what somebody estimated. Friction is no effort.
with

audiences as (

    select * from {{ ref('audiences') }}
    where target_metric is not null and target is not null

),

-- What goes with the score, over the last year that is closed.
drivers as (

    select key_drivers.*
    from {{ ref('fct_key_drivers') }} as key_drivers
    inner join audiences
        on
            key_drivers.audience = audiences.audience
            and key_drivers.metric = audiences.target_metric
    where
        key_drivers.is_latest
        and key_drivers.period_kind = 'trailing_365'
        and key_drivers.status = 'ok'

),

scores as (

    select
        metric_values.audience,
        metric_values.metric,
        metric_values.value,
        metric_values.low,
        metric_values.high,
        case when metrics.unit = 'score' then 200.0 else 1.0 end as reach
    from {{ ref('fct_metric_values') }} as metric_values
    inner join {{ ref('metrics') }} as metrics
        on
            metric_values.metric = metrics.metric
            and metric_values.period_kind = metrics.change_period
    where
        metric_values.is_latest
        and metric_values.segment = 'all'
        and metric_values.value is not null

),

distances as (

    select
        audiences.audience,
        audiences.target_metric as metric,
        audiences.target,
        scores.value as score,
        greatest(audiences.target - scores.value, 0) / scores.reach as distance,
        greatest(audiences.target - scores.high, 0) / scores.reach as distance_low,
        greatest(audiences.target - scores.low, 0) / scores.reach as distance_high
    from audiences
    inner join scores
        on audiences.audience = scores.audience and audiences.target_metric = scores.metric

),

initiatives as (

    select
        *,
        unnest(string_split(drivers, '|')) as driver
    from (
        select
            * exclude (audiences),
            unnest(string_split(audiences, '|')) as audience
        from {{ ref('initiatives') }}
    ) as for_audiences
    where ended_on is null or ended_on > {{ local_date(as_of()) }}

),

-- The whole, and the segments that an initiative touches.
touched as (

    select distinct
        initiative,
        audience,
        metric,
        segments,
        unnest(list_append(string_split(segments, '|'), 'all')) as segment
    from initiatives

),

-- Of what an initiative should move in an audience, the part that is in its segments.
shares as (

    select
        initiatives.initiative,
        initiatives.audience,
        case
            when bool_or(initiatives.segments = 'all') then 1.0
            else
                sum(metric_values.n) filter (where metric_values.segment <> 'all')
                / max(metric_values.n) filter (where metric_values.segment = 'all')
        end as share_touched
    from touched as initiatives
    left join {{ ref('fct_metric_values') }} as metric_values
        on
            initiatives.metric = metric_values.metric
            and initiatives.audience = metric_values.audience
            and initiatives.segment = metric_values.segment
            and metric_values.is_latest
            and metric_values.period_kind = 'quarter'
    group by initiatives.initiative, initiatives.audience

),

weighed as (

    select
        drivers.audience,
        drivers.metric,
        drivers.driver,
        drivers.label as driver_label,
        drivers.period_start,
        drivers.period_end,
        initiatives.initiative,
        initiatives.label as initiative_label,
        initiatives.owner_role,
        initiatives.effort_days,
        drivers.weight as importance,
        drivers.low as importance_low,
        drivers.high as importance_high,
        case
            when initiatives.initiative is not null then shares.share_touched
            else drivers.n_known / drivers.n
        end as share_touched,
        distances.target,
        distances.score,
        distances.distance,
        distances.distance_low,
        distances.distance_high
    from drivers
    inner join distances
        on drivers.audience = distances.audience and drivers.metric = distances.metric
    left join initiatives
        on drivers.audience = initiatives.audience and drivers.driver = initiatives.driver
    left join shares
        on
            initiatives.initiative = shares.initiative
            and initiatives.audience = shares.audience

),

impacts as (

    select
        *,
        importance * share_touched * distance as impact,
        importance_low * share_touched * distance_low as impact_low,
        importance_high * share_touched * distance_high as impact_high
    from weighed

),

-- Whose intervals overlap, directly or through a third, are one group and have no order.
ordered as (

    select
        *,
        median(impact) over (partition by audience) as usual_impact,
        (select median(effort_days) from {{ ref('initiatives') }}) as usual_effort,
        coalesce(impact_high < min(impact_low) over (
            partition by audience
            order by impact_low desc, impact_high desc, driver asc, initiative asc
            rows between unbounded preceding and 1 preceding
        ), false) as is_below_all_before
    from impacts

),

grouped as (

    select
        *,
        case
            when impact is not null
                then 1 + count(*) filter (where is_below_all_before) over (
                    partition by audience
                    order by impact_low desc, impact_high desc, driver asc, initiative asc
                )
        end as rank_group
    from ordered

),

final as (

    select
        ---------- keys
        audience,
        metric,
        driver,
        initiative,
        driver_label,
        initiative_label,
        owner_role,
        period_start,
        period_end,

        ---------- what the impact is made of
        importance,
        importance_low,
        importance_high,
        share_touched,
        target,
        score,
        distance,
        impact,
        impact_low,
        impact_high,
        rank_group,
        rank_group is not null
        and count(*) over (partition by audience, rank_group) > 1 as is_tied,

        ---------- against effort
        effort_days,
        case when effort_days is null then 'not estimated' else 'estimated' end as effort_status,
        case
            when initiative is null then 'no initiative'
            when effort_days is null then 'not estimated'
            when impact is null then 'not known'
            when distance = 0 then 'target is reached'
            when impact_low <= usual_impact and impact_high >= usual_impact then 'not clear'
            when impact > usual_impact and effort_days <= usual_effort then 'do first'
            when impact > usual_impact then 'plan'
            when effort_days <= usual_effort then 'when there is time'
            else 'leave'
        end as quadrant,
        'association, not cause' as basis

    from grouped

)

select * from final
