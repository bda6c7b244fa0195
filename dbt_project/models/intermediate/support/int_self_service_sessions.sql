-- Grain: one session of self-service of a person who is known: an article read, a talk with a bot.
with

support_types as (

    select * from {{ ref('support_types') }}
    where is_self_service

),

sessions as (

    select touchpoints.*
    from {{ ref('int_touchpoints') }} as touchpoints
    inner join support_types on touchpoints.touchpoint_type = support_types.touchpoint_type
    where touchpoints.person_id is not null

),

contacts as (

    select * from {{ ref('int_tickets') }}
    where
        not coalesce(is_test, false)
        and not coalesce(is_deleted, false)

),

followed as (

    select distinct sessions.touchpoint_id
    from sessions
    inner join contacts
        on
            sessions.person_id = contacts.person_id
            and sessions.occurred_at <= contacts.created_at
            and sessions.occurred_at + interval 7 day >= contacts.created_at

),

final as (

    select
        sessions.touchpoint_id,
        sessions.touchpoint_type,
        sessions.source,
        sessions.account_id,
        sessions.person_id,
        sessions.audience,
        sessions.family,
        sessions.occurred_at,
        followed.touchpoint_id is null as is_resolved
    from sessions
    left join followed on sessions.touchpoint_id = followed.touchpoint_id

)

select * from final
