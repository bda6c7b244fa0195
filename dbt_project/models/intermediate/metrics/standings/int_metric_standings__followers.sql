-- Grain: one platform x audience x period, with what its followers grew by against those at the start.
-- A count tells how it stood when its day was over. Joins less leaves is by how much the number
-- changed, so where a platform tells only the number its difference is taken. A platform belongs to a
-- period when it was counted within the week before; if it is not counted again within the last
-- week of the period, the growth of the audience is not known.
with

counts as (

    select
        audience,
        platform,
        source,
        counted_on,
        people,
        joined - left_count as net_joined
    from {{ ref('audience_counts') }}
    where people is not null
    -- Told twice of one day, the later record stands.
    qualify
        row_number() over (
            partition by audience, platform, counted_on order by count_id desc
        ) = 1

),

periods as (

    select * from {{ ref('int_metric_standing_periods') }}
    where role = 'follower_growth'

),

started as (

    select
        periods.role,
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        counts.audience,
        counts.platform,
        arg_max(counts.people, counts.counted_on) as people_at_start
    from counts
    inner join periods
        on
            counts.counted_on < periods.period_start
            and counts.counted_on >= periods.period_start - 7
    group by all

),

grown as (

    select
        started.role,
        started.period_kind,
        started.period_start,
        started.period_end,
        started.audience,
        started.platform,
        started.people_at_start,
        max(counts.counted_on) as last_counted_on,
        arg_max(counts.people, counts.counted_on) as people_at_end,
        sum(counts.net_joined) as net_joined,
        bool_and(counts.net_joined is not null) as tells_who_moved
    from started
    left join counts
        on
            started.audience = counts.audience
            and started.platform = counts.platform
            and started.period_start <= counts.counted_on
            and started.period_end > counts.counted_on
    group by all

),

sources as (

    select
        audience,
        platform,
        {{ source_names('source') }} as sources
    from counts
    group by audience, platform

),

final as (

    select
        grown.role,
        grown.audience,
        tree.family,
        cast(null as varchar) as person_id,
        'platform:' || grown.platform as respondent_id,
        grown.period_kind,
        grown.period_start,
        grown.period_end,
        sources.sources,
        coalesce(grown.last_counted_on < grown.period_end - 7, true) as is_unknown,
        case
            when not coalesce(grown.last_counted_on < grown.period_end - 7, true)
                then cast(
                    case
                        when grown.tells_who_moved then grown.net_joined
                        else grown.people_at_end - grown.people_at_start
                    end as double
                )
        end as value,
        cast(grown.people_at_start as double) as exposure
    from grown
    inner join {{ ref('int_audiences__tree') }} as tree on grown.audience = tree.audience
    inner join sources
        on
            grown.audience = sources.audience
            and grown.platform = sources.platform

)

select * from final
