-- Grain: one adult x family x month at whose beginning they were active, of the year of four quarters
-- that ended last of those whose windows are over.
-- What they are matched on is of before the month, and exact: audience, month, country, orders of the
-- 90 days before (none, one, two, more) and tenure in the family (under one year, under three, more,
-- not known). Retained is whoever is active at the first month's end at least 180 days after any day
-- of the month: six months after it ended, and for those who lived nothing the same.
with

windows as (

    select
        cast(ends_on - interval 1 year as date) as begins_on,
        ends_on
    from (
        select
            cast(date_trunc('quarter', {{ local_date(as_of()) }} - interval 6 month) as date)
                as ends_on
    ) as clock

),

active as (

    select * from {{ ref('int_persons__active_stretches') }}

),

tree as (

    select * from {{ ref('int_audiences__tree') }}

),

joined as (

    select
        memberships.person_id,
        tree.family,
        min({{ local_date('memberships.valid_from') }}) as joined_on
    from {{ ref('int_memberships') }} as memberships
    inner join tree on memberships.audience = tree.audience
    group by memberships.person_id, tree.family
    having bool_and(memberships.valid_from is not null)

),

eligible as (

    select
        stood_as.person_id,
        stood_as.family,
        stood_as.audience,
        stood_as.moment as month,
        windows.begins_on,
        windows.ends_on,
        persons.country
    from windows
    inner join {{ ref('int_persons__stood_as') }} as stood_as
        on
            windows.begins_on <= stood_as.moment
            and windows.ends_on > stood_as.moment
    inner join active
        on
            stood_as.person_id = active.person_id
            and stood_as.family = active.family
            and stood_as.moment >= active.active_from
            and stood_as.moment < active.active_to
    inner join {{ ref('int_persons') }} as persons
        on
            stood_as.person_id = persons.person_id
            and not persons.is_minor
            and not persons.is_workforce
            and not persons.is_deleted
            and not persons.is_test

),

orders as (

    select
        eligible.person_id,
        eligible.family,
        eligible.month,
        count(*) as orders
    from eligible
    inner join {{ ref('int_deeds') }} as deeds
        on
            eligible.person_id = deeds.person_id
            and eligible.family = deeds.family
            and eligible.month > deeds.happened_on
            and eligible.month <= deeds.happened_on + 90
    where deeds.record = 'order'
    group by eligible.person_id, eligible.family, eligible.month

),

stresses as (

    select
        person_id,
        family,
        month,
        list(stress) as stresses
    from {{ ref('int_stresses') }}
    group by person_id, family, month

),

final as (

    select
        eligible.person_id,
        eligible.family,
        eligible.audience,
        eligible.month,
        eligible.begins_on as period_start,
        eligible.ends_on as period_end,
        concat_ws(
            '|',
            eligible.audience,
            eligible.month,
            coalesce(eligible.country, '?'),
            least(coalesce(orders.orders, 0), 3),
            coalesce(case
                when joined.joined_on > eligible.month - interval 1 year then 'first year'
                when joined.joined_on > eligible.month - interval 3 year then 'under three'
                when joined.joined_on is not null then 'longer'
            end, '?')
        ) as stratum,
        coalesce(stresses.stresses, []) as stresses,
        at_the_end.person_id is not null as is_retained
    from eligible
    left join orders
        on
            eligible.person_id = orders.person_id
            and eligible.family = orders.family
            and eligible.month = orders.month
    left join joined
        on
            eligible.person_id = joined.person_id
            and eligible.family = joined.family
    left join stresses
        on
            eligible.person_id = stresses.person_id
            and eligible.family = stresses.family
            and eligible.month = stresses.month
    left join active as at_the_end
        on
            eligible.person_id = at_the_end.person_id
            and eligible.family = at_the_end.family
            and cast(eligible.month + interval 7 month as date) >= at_the_end.active_from
            and cast(eligible.month + interval 7 month as date) < at_the_end.active_to

)

select * from final
