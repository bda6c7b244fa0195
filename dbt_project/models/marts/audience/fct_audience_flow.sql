-- Grain: one closed quarter x audience that people were in as it began x audience that they joined in it.
-- A person may be in several audiences, so flows overlap and are never added up. `nowhere` is in no
-- audience that is counted here; the workforce is not (docs/audience-flow.md).
-- A row is hidden whole where it, or what it leaves of a total, would tell of a handful. How many
-- joined and how many left follow from the sizes of two quarters, so they count as told.
with

audiences as (

    select
        audiences.*,
        audiences.family = 'workforce' as is_workforce,
        {{ minimum_group('audiences') }} as enough
    from {{ ref('audiences') }} as audiences

),

-- A source that says since when nobody joined, or until when nobody left, can not show who did.
dated as (

    select
        audience,
        min({{ local_date('valid_from') }}) as joins_known_from,
        min({{ local_date('valid_to') }}) as leaves_known_from
    from {{ ref('int_memberships') }}
    group by audience

),

sized as (

    select
        standings.quarter_start,
        standings.quarter_end,
        standings.audience,
        audiences.parent,
        audiences.enough,
        coalesce(dated.joins_known_from < standings.quarter_start, false) as has_joins,
        coalesce(dated.leaves_known_from < standings.quarter_end, false) as has_leaves,
        count(*) filter (where standings.was_in) as before,
        count(*) filter (where standings.is_in) as after,
        count(*) filter (where standings.was_in and standings.is_in) as stayed,
        count(*) filter (where standings.has_joined) as joined
    from {{ ref('int_audience_standings') }} as standings
    inner join audiences on standings.audience = audiences.audience
    left join dated on standings.audience = dated.audience
    where not audiences.is_workforce
    group by all

),

-- Neither a few, nor the few who make the difference to the audience above (dim_audiences).
members as (

    select
        sized.*,
        sized.before - sized.stayed as departed,
        list_bool_or(list_transform(
            [
                sized.before,
                sized.after,
                sized.stayed,
                above.before - sized.before,
                above.after - sized.after
            ],
            lambda people: people between 1 and sized.enough - 1
        )) as has_few,
        sized.has_leaves and sized.before - sized.stayed between 1 and sized.enough - 1
            as has_few_leaving,
        sized.has_joins and sized.joined between 1 and sized.enough - 1 as has_few_joining
    from sized
    left join sized as above
        on
            sized.parent = above.audience
            and sized.quarter_start = above.quarter_start

),

movers as (

    select * from {{ ref('int_audience_moves') }}

),

-- Who stays, who comes from nowhere and who goes there is said of each audience; the rest where somebody moved.
grid as (

    select distinct
        quarter_start,
        from_audience,
        to_audience
    from movers

    union

    select
        quarter_start,
        unnest([audience, audience, 'nowhere']) as from_audience,
        unnest([audience, 'nowhere', audience]) as to_audience
    from members

),

moved as (

    select
        quarter_start,
        from_audience,
        to_audience,
        count(*) as people,
        count(*) filter (where has_left) as people_left
    from movers
    group by quarter_start, from_audience, to_audience

),

counted as (

    select
        grid.*,
        case
            when grid.from_audience = grid.to_audience then 'stayed'
            when grid.from_audience = 'nowhere' then 'arrived'
            when grid.to_audience = 'nowhere' then 'gone'
            else 'joined'
        end as movement,
        case
            when grid.from_audience = grid.to_audience then members.stayed
            else coalesce(moved.people, 0)
        end as people,
        coalesce(moved.people_left, 0) as people_left
    from grid
    left join moved
        on
            grid.quarter_start = moved.quarter_start
            and grid.from_audience = moved.from_audience
            and grid.to_audience = moved.to_audience
    left join members
        on
            grid.quarter_start = members.quarter_start
            and grid.from_audience = members.audience

),

-- Of those who came from nowhere the others are who joined; of everybody else who was there before.
-- `nowhere` has no minimum of its own, and `greatest` passes over null.
framed as (

    select
        counted.*,
        coalesce(origin.quarter_end, target.quarter_end) as quarter_end,
        origin.parent as from_parent,
        target.parent as to_parent,
        greatest(origin.enough, target.enough) as enough,
        case counted.movement when 'arrived' then target.joined else origin.before end
            as people_before,
        -- How many of them left is known where a source says until when.
        case when coalesce(origin.has_leaves, false) then counted.people_left end
            as people_left_known,
        origin.departed,
        target.joined,
        coalesce(origin.before, target.joined) = 0 as is_of_nobody,
        case
            when counted.movement in ('stayed', 'gone') then origin.has_leaves
            else target.has_joins
        end as is_dated,
        coalesce(counted.movement = 'stayed' and not origin.has_few, false) as shows_size,
        case counted.movement
            when 'stayed'
                then origin.has_few or origin.has_few_joining
            when 'gone' then origin.has_few
            when 'arrived' then target.has_few_joining or target.has_few_leaving
            else origin.has_few or target.has_few_joining or target.has_few_leaving
        end as has_few,
        coalesce(origin.has_few_leaving, false) as has_few_leaving
    from counted
    left join members as origin
        on
            counted.quarter_start = origin.quarter_start
            and counted.from_audience = origin.audience
    left join members as target
        on
            counted.quarter_start = target.quarter_start
            and counted.to_audience = target.audience

),

-- Of those who were there: moved and left, moved and stayed, or neither; of those who joined: from here
-- or not. And the difference to the audience above at either end.
judged as (

    select
        framed.*,
        framed.has_few
        or list_bool_or(list_transform(
            [
                framed.people_before - framed.people,
                framed.people_left,
                framed.people - framed.people_left,
                case when framed.people_left > 0 then framed.departed - framed.people_left end,
                case
                    when framed.movement = 'joined' and not framed.has_few_leaving
                        then
                            framed.people_before - framed.departed
                            - framed.people + framed.people_left
                end,
                case when framed.movement = 'joined' then framed.joined - framed.people end,
                from_above.people - framed.people,
                to_above.people - framed.people
            ],
            lambda people: people between 1 and framed.enough - 1
        )) as is_few
    from framed
    left join counted as from_above
        on
            framed.quarter_start = from_above.quarter_start
            and framed.from_parent = from_above.from_audience
            and framed.to_audience = from_above.to_audience
            and from_above.movement <> 'stayed'
    left join counted as to_above
        on
            framed.quarter_start = to_above.quarter_start
            and framed.from_audience = to_above.from_audience
            and framed.to_parent = to_above.to_audience
            and to_above.movement <> 'stayed'

),

-- Who joined an audience are who is hidden and who is shown: hidden alone are enough or nobody.
ordered as (

    select
        *,
        row_number() over (
            partition by quarter_start, to_audience
            order by is_few desc, people asc, from_audience asc
        ) as position
    from judged
    where movement in ('joined', 'arrived')

),

last_positions as (

    select
        ordered.quarter_start,
        ordered.to_audience,
        movers.person_id,
        max(ordered.position) as position,
        bool_and(ordered.is_few) as is_few
    from ordered
    inner join movers
        on
            ordered.quarter_start = movers.quarter_start
            and ordered.from_audience = movers.from_audience
            and ordered.to_audience = movers.to_audience
    group by ordered.quarter_start, ordered.to_audience, movers.person_id

),

alone as (

    select
        quarter_start,
        to_audience,
        position,
        count(*) as people,
        count(*) filter (where is_few) as people_of_few
    from last_positions
    group by quarter_start, to_audience, position

),

beside as (

    select
        ordered.quarter_start,
        ordered.from_audience,
        ordered.to_audience,
        sum(coalesce(alone.people_of_few, 0)) over whole > 0
        and coalesce(sum(alone.people) over earlier, 0) < max(ordered.enough) over whole
            as is_hidden
    from ordered
    left join alone
        on
            ordered.quarter_start = alone.quarter_start
            and ordered.to_audience = alone.to_audience
            and ordered.position = alone.position
    window
        whole as (partition by ordered.quarter_start, ordered.to_audience),
        earlier as (
            partition by ordered.quarter_start, ordered.to_audience
            order by ordered.position asc
            rows between unbounded preceding and 1 preceding
        )

),

reasoned as (

    select
        judged.quarter_start,
        judged.quarter_end,
        judged.from_audience,
        judged.to_audience,
        judged.movement,
        judged.people_before,
        judged.people,
        judged.people_left_known as people_left,
        judged.shows_size,
        judged.people / nullif(judged.people_before, 0) as share,
        case
            when not judged.is_dated and judged.movement in ('stayed', 'gone')
                then 'no source says until when'
            when not judged.is_dated then 'no source says since when'
            -- That nobody joined would tell how many left: the sizes of two quarters are told.
            when judged.is_few or coalesce(beside.is_hidden, false) then 'too few people'
            when judged.is_of_nobody then 'nobody'
        end as reason
    from judged
    left join beside
        on
            judged.quarter_start = beside.quarter_start
            and judged.from_audience = beside.from_audience
            and judged.to_audience = beside.to_audience

),

newest as (

    select
        max(period_start) as period_start,
        max(period_end) as period_end
    from {{ ref('int_metric_periods') }}
    where period_kind = 'quarter'
    having count(*) > 0

),

-- An audience that nothing can be said of has one row, of the newest quarter.
silent as (

    select
        newest.period_start as quarter_start,
        newest.period_end as quarter_end,
        audiences.audience as from_audience,
        audiences.audience as to_audience,
        'stayed' as movement,
        cast(null as bigint) as people_before,
        cast(null as bigint) as people,
        cast(null as bigint) as people_left,
        false as shows_size,
        cast(null as double) as share,
        case when audiences.is_workforce then 'workforce' else 'nobody' end as reason
    from audiences
    cross join newest
    where audiences.audience not in (select members.audience from members)

),

told as (

    select * from reasoned
    union all
    select * from silent

),

final as (

    select
        ---------- keys
        quarter_start,
        quarter_end,
        from_audience,
        to_audience,
        movement,

        ---------- figures
        case when reason is null or shows_size then people_before end as people_before,
        case when reason is null then people end as people,
        case when reason is null then people_left end as people_left,
        case when reason is null then share end as share,
        case when reason is null then {{ wilson('-', 'share', 'people_before') }} end as share_low,
        case when reason is null then {{ wilson('+', 'share', 'people_before') }} end
            as share_high,
        case
            when reason in ('too few people', 'workforce') then 'suppressed'
            when reason is not null then 'not_measured'
            when people_before < 30 then 'low_n'
            else 'ok'
        end as status,
        reason
    from told

)

select * from final
