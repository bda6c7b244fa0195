-- Grain: one instrument x period x margin x level, with the level that it is counted with.
-- Levels with too few answerers are counted together, smallest first, until together they are
-- enough: nothing smaller is shown, and there is somebody to weight in each.
with

participation as (

    select * from {{ ref('int_survey_participation') }}
    where confidentiality <> 'anonymous'

),

asked as (

    unpivot (
        select
            instrument,
            minimum_group,
            period_kind,
            period_start,
            respondent_id,
            is_answered,
            audience,
            country,
            department
        from participation
    )
    on audience, country, department
    into name margin value level

),

sized as (

    select
        instrument,
        minimum_group,
        period_kind,
        period_start,
        margin,
        level,
        count(*) as invited,
        count(*) filter (where is_answered) as answered,
        count(distinct respondent_id) filter (where is_answered) as answerers
    from asked
    group by all

),

pooled as (

    select
        *,
        answerers < minimum_group or (
            bool_or(answerers < minimum_group) over whole_margin
            and coalesce(sum(answerers) over (
                whole_margin
                order by answerers asc, level asc
                rows between unbounded preceding and 1 preceding
            ), 0) < minimum_group
        ) as is_pooled
    from sized
    window whole_margin as (
        partition by instrument, period_kind, period_start, margin
    )

),

final as (

    select
        instrument,
        period_kind,
        period_start,
        margin,
        level,
        case when is_pooled then 'other' else level end as counted_as,
        invited,
        answered
    from pooled

)

select * from final
