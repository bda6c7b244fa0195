-- Grain: one closed quarter or year x whether they had ever bought as it began x what adult fans were
-- then x what they were as it ended.
-- Buyers and others are each shown whole or not at all in a period: with one cell of a handful hidden, what
-- is left of those who were so before, or are so after, would tell of it. Nor are the others shown where
-- all less them would leave a handful who were or are something, and nobody is where what the metrics hide
-- of the audiences could be had from all fans less the audiences that are shown.
{%- set states = ['follower', 'fan', 'superfan'] %}
with

movements as (

    select * from {{ ref('int_fan_movements') }}

),

clock as (

    select max(known_from) as known_from
    from {{ ref('int_persons__purchases') }}

),

-- Before purchases are on record nobody is known not to buy; of that the latest period speaks.
periods as (

    select
        periods.period_kind,
        periods.period_start,
        periods.period_end,
        coalesce(clock.known_from <= periods.period_start, false) as is_measured,
        coalesce(bool_or(movements.has_superfans), false) as has_superfans
    from {{ ref('int_metric_periods') }} as periods
    cross join clock
    left join movements
        on
            periods.period_kind = movements.period_kind
            and periods.period_start = movements.period_start
    where periods.period_kind in ('quarter', 'year')
    group by periods.period_kind, periods.period_start, periods.period_end, clock.known_from
    qualify
        coalesce(clock.known_from <= periods.period_start, false)
        or row_number() over (
            partition by periods.period_kind order by periods.period_start desc
        ) = 1

),

froms as (

    select unnest({{ states + ['joined'] }}) as from_state

),

tos as (

    select unnest({{ states + ['left'] }}) as to_state

),

kinds as (

    select unnest(['no', 'yes']) as buys

),

grid as (

    select
        periods.*,
        froms.from_state,
        tos.to_state,
        kinds.buys
    from periods
    cross join froms
    cross join tos
    cross join kinds
    where froms.from_state <> 'joined' or tos.to_state <> 'left'

),

smallest as (

    select max({{ minimum_group('audiences') }}) as minimum_group
    from {{ ref('audiences') }} as audiences
    where audiences.audience in ('follower', 'fan', 'superfan')

),

-- Fans of the audiences whose figures the metrics hide, as they stood when a quarter began.
unseen as (

    select
        fans.moment,
        fans.buys,
        count(*) as people
    from (
        select
            engagement.moment,
            engagement.audience,
            {{ buys('purchases', 'engagement.moment') }} as buys
        from {{ ref('int_fan_engagement') }} as engagement
        inner join {{ ref('int_persons__purchases') }} as purchases
            on engagement.person_id = purchases.person_id
    ) as fans
    inner join {{ ref('fct_metric_values') }} as hidden
        on
            fans.audience = hidden.audience
            and fans.moment = hidden.period_end
            and 'buys=' || fans.buys = hidden.segment
    where
        hidden.metric = 'fan_engagement_without_purchase'
        and hidden.period_kind = 'quarter'
        and hidden.status = 'suppressed'
    group by fans.moment, fans.buys

),

told as (

    select distinct unseen.moment
    from unseen
    cross join smallest
    where unseen.people < smallest.minimum_group

),

counted as (

    select
        grid.*,
        count(movements.person_id) as people
    from grid
    left join movements
        on
            grid.period_kind = movements.period_kind
            and grid.period_start = movements.period_start
            and grid.from_state = movements.from_state
            and grid.to_state = movements.to_state
            and grid.buys = movements.buys
    group by all

),

totalled as (

    select
        counted.*,
        sum(counted.people) over before as people_before,
        sum(counted.people) over after as people_after
    from counted
    window
        before as (
            partition by
                counted.period_kind, counted.period_start, counted.buys, counted.from_state
        ),
        after as (
            partition by counted.period_kind, counted.period_start, counted.buys, counted.to_state
        )

),

-- How many were so as a period began is known from the one before, how many are so from the next.
sized as (

    select
        totalled.*,
        bool_or(totalled.people between 1 and smallest.minimum_group - 1) over of_group
        or bool_or(
            told.moment is not null
            or (
                totalled.from_state <> 'joined'
                and totalled.people_before between 1 and smallest.minimum_group - 1
            )
            or (
                totalled.to_state <> 'left'
                and totalled.people_after between 1 and smallest.minimum_group - 1
            )
        ) over of_period as is_hidden
    from totalled
    cross join smallest
    left join told on totalled.period_start = told.moment
    window
        of_group as (
            partition by totalled.period_kind, totalled.period_start, totalled.buys
        ),
        of_period as (partition by totalled.period_kind, totalled.period_start)

),

judged as (

    select
        *,
        people / nullif(people_before, 0) as share,
        case
            when not is_measured then 'not_measured'
            when is_hidden then 'suppressed'
            when not has_superfans and 'superfan' in (from_state, to_state) then 'not_measured'
            when people_before = 0 then 'not_measured'
            when people_before < 30 then 'low_n'
            else 'ok'
        end as status
    from sized

),

final as (

    select
        ---------- keys
        period_kind,
        period_start,
        period_end,
        buys,
        from_state,
        to_state,

        ---------- figures
        {%- set is_told = "status in ('ok', 'low_n')" %}
        case when {{ is_told }} then people_before end as people_before,
        case when {{ is_told }} then people end as people,
        case when {{ is_told }} then share end as share,
        case when {{ is_told }} then {{ wilson('-', 'share', 'people_before') }} end as share_low,
        case when {{ is_told }} then {{ wilson('+', 'share', 'people_before') }} end as share_high,
        status

    from judged

)

select * from final
