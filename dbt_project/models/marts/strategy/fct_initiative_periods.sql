-- Grain: one initiative x unit (audience and segment) x closed period before or after its beginning.
-- Only figures that are published, so that what is hidden there tells nothing here. The period in
-- which it begins is neither before nor after.
with

initiatives as (

    select * from {{ ref('initiatives') }}
    where metric is not null

),

units as (

    select distinct
        touched.initiative,
        touched.audience,
        unnest(string_split(touched.segments, '|')) as segment,
        touched.is_treated
    from (
        select
            initiative,
            segments,
            unnest(string_split(audiences, '|')) as audience,
            true as is_treated
        from initiatives

        union all

        select
            initiative,
            compared_segments as segments,
            unnest(string_split(compared_audiences, '|')) as audience,
            false as is_treated
        from initiatives
        where compared_audiences is not null and compared_segments is not null
    ) as touched

),

-- Who is touched is not compared with.
told_apart as (

    select
        initiative,
        audience,
        segment,
        bool_or(is_treated) as is_treated
    from units
    group by initiative, audience, segment

),

final as (

    select
        initiatives.initiative,
        concat(told_apart.audience, ' ', told_apart.segment) as unit,
        told_apart.audience,
        told_apart.segment,
        told_apart.is_treated,
        metric_values.period_start,
        metric_values.period_end,
        metric_values.period_start >= initiatives.started_on as is_after,
        metric_values.value,
        metric_values.n
    from initiatives
    inner join told_apart on initiatives.initiative = told_apart.initiative
    inner join {{ ref('fct_metric_values') }} as metric_values
        on
            initiatives.metric = metric_values.metric
            and initiatives.period_kind = metric_values.period_kind
            and told_apart.audience = metric_values.audience
            and told_apart.segment = metric_values.segment
    where
        metric_values.value is not null
        and metric_values.status in ('ok', 'low_n', 'stale')
        and (
            metric_values.period_end <= initiatives.started_on
            or (
                metric_values.period_start >= initiatives.started_on
                and coalesce(metric_values.period_end <= initiatives.ended_on, true)
            )
        )

)

select * from final
