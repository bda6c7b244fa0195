-- Grain: one person x family x stretch of moments (first days after a month) before each of which they
-- were active; half-open, and what touches is one.
-- Active is whoever has a contract that runs, else who ordered or attended in the last 90 days, or in
-- twice their own median gap where that is longer. The gaps are those known by then: what somebody
-- does later makes nobody active before.
with

contracts as (

    select
        memberships.person_id,
        tree.family,
        coalesce({{ local_date('memberships.valid_from') }}, date '0001-01-01') as begun_on,
        coalesce({{ local_date('memberships.valid_to') }}, date '9999-12-31') as lasts_to
    from {{ ref('int_memberships') }} as memberships
    inner join {{ ref('contract_audiences') }} as contract_audiences
        on memberships.audience = contract_audiences.audience
    inner join {{ ref('int_audiences__tree') }} as tree on memberships.audience = tree.audience

),

occasions as (

    select distinct
        person_id,
        family,
        happened_on
    from {{ ref('int_deeds') }}
    where {{ is_occasion() }} and family is not null

),

gaps as (

    select
        occasions.*,
        date_diff('day', lag(occasions.happened_on) over by_day, occasions.happened_on) as gap,
        lead(occasions.happened_on) over by_day as next_on
    from occasions
    window
        by_day as (
            partition by occasions.person_id, occasions.family
            order by occasions.happened_on asc
        )

),

reaches as (

    select
        gaps.*,
        2 * median(gaps.gap) over (
            partition by gaps.person_id, gaps.family
            order by gaps.happened_on asc
            rows between unbounded preceding and current row
        ) as own_days
    from gaps

),

-- From the day after until its reach is over, or until the next occasion says more.
stretches as (

    select * from contracts

    union all

    select
        person_id,
        family,
        happened_on as begun_on,
        least(
            happened_on + cast(greatest(90, coalesce(own_days, 90)) as integer),
            coalesce(next_on, date '9999-12-31')
        ) as lasts_to
    from reaches

),

moments as (

    select
        min(moment) as first_moment,
        max(moment) as last_moment
    from {{ ref('int_metric_moments') }}

),

in_moments as (

    select
        stretches.person_id,
        stretches.family,
        {{ month_after('greatest(stretches.begun_on, moments.first_moment - 1)') }} as active_from,
        {{ month_after('least(stretches.lasts_to, moments.last_moment)') }} as active_to
    from stretches
    cross join moments

),

final as (

    {{ merged_stretches('in_moments', ['person_id', 'family'], 'active_from', 'active_to') }}

)

select * from final
