-- Grain: one person x audience x period: whether they were active at its end, and of those active at
-- its start whether they stayed. Where no metric asks who they are, those of one audience, period,
-- value and sources are one row and told by their number.
-- An audience that is no contract is measured once its family's orders or visits have been on record
-- for 90 days: before that nobody could be seen to be active.
with

records as (

    select
        family,
        min(happened_on) as begun_on
    from {{ ref('int_deeds') }}
    where {{ is_occasion() }}
    group by family

),

-- Whoever is retained is not churned: looked up once for both.
periods as (

    select
        *,
        case when role = 'active' then 'active' else 'stayed' end as question,
        case when role = 'active' then period_end else period_start end as stood_at,
        bool_or(asks_for_persons) over () as asks_for_any
    from {{ ref('int_metric_standing_periods') }}
    where role in ('active', 'retained', 'churned')

),

questions as (

    select distinct
        question,
        period_kind,
        period_start,
        period_end,
        stood_at
    from periods

),

active as (

    select * from {{ ref('int_persons__active_stretches') }}

),

stood as (

    select
        stretches.person_id,
        stretches.family,
        stretches.audience,
        stretches.sources,
        case
            when contract_audiences.audience is not null then stretches.stood_from
            else greatest(stretches.stood_from, records.begun_on + 90)
        end as stood_from,
        stretches.stood_to
    from {{ ref('int_persons__stood_stretches') }} as stretches
    left join records on stretches.family = records.family
    left join {{ ref('contract_audiences') }} as contract_audiences
        on stretches.audience = contract_audiences.audience
    where contract_audiences.audience is not null or records.begun_on + 90 < stretches.stood_to

),

were_active as (

    select
        stood.person_id,
        stood.family,
        stood.audience,
        stood.sources,
        greatest(stood.stood_from, active.active_from) as stood_from,
        least(stood.stood_to, active.active_to) as stood_to
    from stood
    inner join active
        on
            stood.person_id = active.person_id
            and stood.family = active.family
            and stood.stood_from < active.active_to
            and stood.stood_to > active.active_from

),

-- Whoever is asked about, and of them those of whom it is so.
stretches as (

    select
        'active' as question,
        false as is_so,
        *
    from stood

    union all by name

    select
        'active' as question,
        true as is_so,
        *
    from were_active

    union all by name

    select
        'stayed' as question,
        false as is_so,
        *
    from were_active

    union all by name

    select
        'stayed' as question,
        true as is_so,
        were_active.*,
        active.active_from as stayed_from,
        active.active_to as stayed_to
    from were_active
    inner join active
        on
            were_active.person_id = active.person_id
            and were_active.family = active.family
            and were_active.stood_from < active.active_to

),

asked as (

    select distinct asks_for_any from periods

),

alike as (

    select
        stretches.* exclude (person_id),
        case when asked.asks_for_any then stretches.person_id end as person_id,
        count(*) as persons
    from stretches
    cross join asked
    group by all

),

counted as (

    select
        questions.question,
        questions.period_kind,
        questions.period_start,
        alike.audience,
        alike.family,
        alike.person_id,
        alike.sources,
        cast(sum(alike.persons) filter (where not alike.is_so) as bigint) as persons,
        cast(coalesce(sum(alike.persons) filter (where alike.is_so), 0) as bigint) as persons_so
    from alike
    inner join questions
        on
            alike.question = questions.question
            and alike.stood_from <= questions.stood_at
            and alike.stood_to > questions.stood_at
            and coalesce(alike.stayed_from <= questions.period_end, true)
            and coalesce(alike.stayed_to > questions.period_end, true)
    group by all

),

parted as (

    select
        counted.* exclude (persons, persons_so),
        parts.is_so,
        case when parts.is_so then counted.persons_so else counted.persons - counted.persons_so end
            as persons
    from counted
    cross join (values (true), (false)) as parts (is_so)

),

final as (

    select
        periods.role,
        periods.asks_for_persons,
        parted.audience,
        parted.family,
        parted.person_id,
        parted.persons,
        parted.period_kind,
        parted.period_start,
        periods.period_end,
        parted.sources,
        case when parted.is_so = (periods.role <> 'churned') then 1.0 else 0.0 end as value
    from parted
    inner join periods
        on
            parted.question = periods.question
            and parted.period_kind = periods.period_kind
            and parted.period_start = periods.period_start
    where parted.persons > 0

)

select * from final
