-- Grain: one person x family x stretch of moments (first days after a month) at each of which they
-- stood as the same one audience; half-open.
-- As with touchpoints it is the deepest audience of the family, ties by rank. What begins on the day
-- itself belongs to the new month; what ends as the month ends still counts for it. Most stand as one
-- audience for years: a row for each moment would be fifty times as many.
with

tree as (

    select * from {{ ref('int_audiences__tree') }}
    where family in ('customer', 'fan')

),

-- By which they may be active (int_persons__active_stretches).
occasions as (

    select
        person_id,
        family,
        {{ source_names('source') }} as sources
    from {{ ref('int_deeds') }}
    where {{ is_occasion() }}
    group by person_id, family

),

moments as (

    select
        min(moment) as first_moment,
        max(moment) as last_moment
    from {{ ref('int_metric_moments') }}

),

memberships as (

    select
        memberships.person_id,
        tree.family,
        tree.audience,
        tree.depth,
        tree.rank,
        greatest(
            coalesce({{ local_date('memberships.valid_from') }}, date '0001-01-01'),
            moments.first_moment - 1
        ) as joined_on,
        least(
            coalesce({{ local_date('memberships.valid_to') }}, date '9999-12-31'),
            moments.last_moment
        ) as left_on,
        concat_ws('|', evidence.sources, occasions.sources) as sources,
        count(*) over (partition by memberships.person_id, tree.family) as in_family
    from {{ ref('int_memberships') }} as memberships
    inner join tree on memberships.audience = tree.audience
    inner join {{ ref('int_persons__membership_sources') }} as evidence
        on
            memberships.person_id = evidence.person_id
            and memberships.audience = evidence.audience
    left join occasions
        on
            memberships.person_id = occasions.person_id
            and tree.family = occasions.family
    cross join moments

),

-- Most people have one membership in a family, which no other is ranked against.
alone as (

    select
        person_id,
        family,
        audience,
        sources,
        {{ month_after('joined_on') }} as stood_from,
        {{ month_after('left_on') }} as stood_to
    from memberships
    where in_family = 1

),

deepest as (

    select
        memberships.person_id,
        memberships.family,
        memberships.audience,
        memberships.sources,
        moments.moment as stood_from,
        {{ month_after('moments.moment') }} as stood_to
    from memberships
    inner join {{ ref('int_metric_moments') }} as moments
        on
            memberships.joined_on < moments.moment
            and memberships.left_on >= moments.moment
    where memberships.in_family > 1
    qualify
        row_number() over (
            partition by memberships.person_id, memberships.family, moments.moment
            order by memberships.depth desc, memberships.rank asc nulls last, memberships.audience asc
        ) = 1

),

merged as (

    {{ merged_stretches(
        'deepest', ['person_id', 'family', 'audience', 'sources'], 'stood_from', 'stood_to'
    ) }}

),

final as (

    select *
    from alone
    where stood_from < stood_to

    union all by name

    select * from merged

)

select * from final
