-- Grain: one application of one candidate, with when it was made, and how and when it ended.
with

events as (

    select * from {{ ref('stage_events') }}
    where journey = 'candidate'

),

account_persons as (

    select * from {{ source('identity', 'account_persons') }}

),

applications as (

    select
        coalesce(subject_id, account_id) as subject_id,
        account_id,
        min(source) as source,
        min(entered_at) filter (where stage = 'apply') as applied_at,
        bool_or(stage = 'offer') as has_offer,
        bool_or(stage = 'offer' and outcome = 'won') as is_accepted,
        bool_or(outcome = 'lost') as is_lost,
        max(decided_at) filter (where stage = 'offer' and outcome = 'won') as accepted_at,
        max(decided_at) filter (where outcome = 'lost') as lost_at,
        max(entered_at) as last_entered_at
    from events
    group by coalesce(subject_id, account_id), account_id

),

final as (

    select
        concat_ws('|', applications.subject_id, applications.account_id) as application_id,
        applications.account_id,
        account_persons.person_id,
        applications.source,
        applications.applied_at,
        applications.has_offer,
        applications.is_accepted,
        applications.is_lost and not applications.is_accepted as is_lost,
        applications.accepted_at,
        applications.lost_at,
        applications.last_entered_at
    from applications

    left join account_persons on applications.account_id = account_persons.account_id

)

select * from final
