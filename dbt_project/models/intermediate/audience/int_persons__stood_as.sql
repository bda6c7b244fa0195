-- Grain: one person x family x first day after a month, as the one audience they stood in when it ended.
-- As with touchpoints it is the deepest audience of the family, ties by rank. What begins on the day
-- itself belongs to the new month; what ends as the month ends still counts for it.
with

tree as (

    select * from {{ ref('int_audiences__tree') }}
    where family in ('customer', 'fan')

),

-- By which they may be active (int_persons__active).
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

    select * from {{ ref('int_metric_moments') }}

),

memberships as (

    select
        memberships.person_id,
        tree.family,
        tree.audience,
        tree.depth,
        tree.rank,
        coalesce({{ local_date('memberships.valid_from') }}, date '0001-01-01') as joined_on,
        coalesce({{ local_date('memberships.valid_to') }}, date '9999-12-31') as left_on,
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

),

stood as (

    select
        memberships.*,
        moments.moment
    from memberships
    inner join moments
        on
            memberships.joined_on < moments.moment
            and memberships.left_on >= moments.moment

),

-- Most people have one membership in a family, which no other is ranked against.
deepest as (

    select *
    from stood
    where in_family = 1

    union all

    select *
    from stood
    where in_family > 1
    qualify
        row_number() over (
            partition by person_id, family, moment
            order by depth desc, rank asc nulls last, audience asc
        ) = 1

),

final as (

    select
        person_id,
        family,
        audience,
        moment,
        sources
    from deepest

)

select * from final
