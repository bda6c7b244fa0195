-- Grain: one closed quarter x audience x person in it as the quarter began or who joined in its course.
-- Days and moments are those of int_persons__stood_as: what begins on the first day belongs to the
-- quarter, what ends on it still counted before. Who comes back within a quarter did not join.
-- Told and not kept: a row for each quarter is twenty times as many as there are memberships.
{{ config(materialized='view') }}
with

memberships as (

    select
        memberships.person_id,
        memberships.audience,
        {{ local_date('memberships.valid_from') }} as joined_on,
        {{ local_date('memberships.valid_to') }} as left_on,
        count(*) over (partition by memberships.person_id, memberships.audience) as in_audience
    from {{ ref('int_memberships') }} as memberships
    inner join {{ ref('int_persons') }} as persons
        on memberships.person_id = persons.person_id
    where not persons.is_deleted and not persons.is_test

),

quarters as (

    select
        period_start as quarter_start,
        period_end as quarter_end
    from {{ ref('int_metric_periods') }}
    where period_kind = 'quarter'

),

stretches as (

    select
        quarters.quarter_start,
        quarters.quarter_end,
        memberships.person_id,
        memberships.audience,
        memberships.in_audience,
        coalesce(memberships.joined_on, date '0001-01-01') < quarters.quarter_start as was_in,
        coalesce(memberships.left_on, date '9999-12-31') >= quarters.quarter_end as is_in
    from quarters
    inner join memberships
        on
            quarters.quarter_end > coalesce(memberships.joined_on, date '0001-01-01')
            and quarters.quarter_start <= coalesce(memberships.left_on, date '9999-12-31')

),

-- Most are in an audience once, and in a quarter so.
final as (

    select
        quarter_start,
        quarter_end,
        audience,
        person_id,
        was_in,
        is_in,
        not was_in as has_joined
    from stretches
    where in_audience = 1

    union all

    select
        quarter_start,
        quarter_end,
        audience,
        person_id,
        bool_or(was_in) as was_in,
        bool_or(is_in) as is_in,
        not bool_or(was_in) as has_joined
    from stretches
    where in_audience > 1
    group by quarter_start, quarter_end, audience, person_id

)

select * from final
