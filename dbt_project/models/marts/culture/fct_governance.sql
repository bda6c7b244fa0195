-- Grain: one finding on how experiences are governed, with what to do: a finding, not a score.
-- Owners: no role, or a role that nobody holds. Reviews: none, or the last too long ago by the registry's
-- interval. Stages: what is missing until one is designed. Initiatives say so themselves.
with

audiences as (

    select
        registered.audience,
        registered.rank,
        registered.review_interval_days,
        audiences.owner_role,
        audiences.owner_status
    from {{ ref('audiences') }} as registered
    inner join {{ ref('dim_audiences') }} as audiences
        on registered.audience = audiences.audience

),

stages as (

    select
        stages.*,
        coalesce(owner_roles.owner_status, 'none') as owner_status
    from {{ ref('journey_stages') }} as stages
    left join {{ ref('int_owner_roles') }} as owner_roles
        on stages.owner_role = owner_roles.owner_role

),

reviews as (

    select
        audience,
        max(reviewed_on) as reviewed_on
    from {{ ref('audience_reviews') }}
    where reviewed_on <= {{ local_date(as_of()) }}
    group by audience

),

-- Before the first run nobody knows.
unowned as (

    select
        audience,
        {{ local_date("coalesce(max(valid_to) filter (where owner_role is not null), min(valid_from))") }}
            as since
    from {{ ref('dim_audience_history') }}
    group by audience

),

owners as (

    select
        case audiences.owner_status when 'none' then 'no owner' else 'owner vacant' end as finding,
        audiences.audience,
        null as journey,
        null as stage,
        audiences.owner_role,
        case when audiences.owner_status = 'none' then unowned.since end as since,
        cast(null as bigint) as days_overdue,
        case audiences.owner_status
            when 'none' then 'name a role that answers for the audience'
            else 'fill the role or name another'
        end as what_to_do
    from audiences
    left join unowned on audiences.audience = unowned.audience
    where audiences.owner_status in ('none', 'vacant')

    union all by name

    -- A stage without an owner is not designed, and found as such.
    select
        'owner vacant' as finding,
        journey,
        stage,
        owner_role,
        'fill the role or name another' as what_to_do
    from stages
    where owner_status = 'vacant'

),

overdue as (

    select
        case when reviews.audience is null then 'never reviewed' else 'review overdue' end as finding,
        audiences.audience,
        audiences.owner_role,
        reviews.reviewed_on + cast(audiences.review_interval_days as integer) as since,
        date_diff(
            'day',
            reviews.reviewed_on + cast(audiences.review_interval_days as integer),
            {{ local_date(as_of()) }}
        ) as days_overdue,
        'look at its row of the registry again and note the day in audience_reviews' as what_to_do
    from audiences
    left join reviews on audiences.audience = reviews.audience
    where
        audiences.review_interval_days is not null
        and (
            reviews.audience is null
            or reviews.reviewed_on + cast(audiences.review_interval_days as integer)
            < {{ local_date(as_of()) }}
        )

),

undesigned as (

    select
        'stage not designed' as finding,
        journey,
        stage,
        owner_role,
        'declare: ' || concat_ws(
            ', ',
            case when owner_role is null then 'owner' end,
            case when intended_outcome is null then 'intended outcome' end,
            case when intended_emotion is null then 'intended emotion' end,
            case when touchpoint_types is null then 'touchpoint types' end
        ) as what_to_do
    from stages
    where
        owner_role is null
        or intended_outcome is null
        or intended_emotion is null
        or touchpoint_types is null

),

found as (

    select * from owners
    union all by name
    select * from overdue
    union all by name
    select * from undesigned

),

final as (

    select
        found.*,
        audiences.rank as audience_rank
    from found
    left join audiences on found.audience = audiences.audience

)

select * from final
