-- Grain: one person x family x first day after a month, as the one audience they stood in when it ended.
-- As with touchpoints it is the deepest audience of the family, ties by rank. What begins on the day
-- itself belongs to the new month; what ends as the month ends still counts for it.
with

memberships as (

    select
        person_id,
        audience,
        {{ local_date('valid_from') }} as joined_on,
        {{ local_date('valid_to') }} as left_on
    from {{ ref('int_memberships') }}

),

tree as (

    select * from {{ ref('int_audiences__tree') }}
    where family in ('customer', 'fan')

),

moments as (

    select * from {{ ref('int_metric_moments') }}

),

evidence as (

    select
        account_persons.person_id,
        membership_evidence.audience,
        list(distinct membership_evidence.source) as sources
    from {{ ref('membership_evidence') }} as membership_evidence
    inner join {{ source('identity', 'account_persons') }} as account_persons
        on membership_evidence.account_id = account_persons.account_id
    where membership_evidence.snapshot_date is null
    group by account_persons.person_id, membership_evidence.audience

),

stood as (

    select
        memberships.person_id,
        tree.family,
        tree.audience,
        moments.moment
    from memberships
    inner join tree on memberships.audience = tree.audience
    inner join moments
        on
            coalesce(memberships.joined_on, date '0001-01-01') < moments.moment
            and coalesce(memberships.left_on, date '9999-12-31') >= moments.moment
    qualify
        row_number() over (
            partition by memberships.person_id, tree.family, moments.moment
            order by tree.depth desc, tree.rank asc nulls last, tree.audience asc
        ) = 1

),

final as (

    select
        stood.*,
        evidence.sources
    from stood
    inner join evidence
        on
            stood.person_id = evidence.person_id
            and stood.audience = evidence.audience

)

select * from final
