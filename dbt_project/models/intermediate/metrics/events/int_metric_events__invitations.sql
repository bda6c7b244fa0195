-- Grain: one invitation x what is counted of it: whether it was answered, whether it was sent at all.
-- Answered of those that were sent and reached somebody; sent of all who were chosen.
with

instruments as (

    select * from {{ ref('instruments') }}

),

invitations as (

    select
        *,
        status in ('sampled', 'quarantined') as is_held_back,
        coalesce(sampled_at, sent_at) as chosen_at
    from {{ ref('int_survey_invitations') }}
    where status is not null

),

counted as (

    select
        invitation_id,
        'invitation' as role,
        case when status = 'completed' then 1.0 else 0.0 end as value,
        {{ local_date('sent_at') }} as observed_on
    from invitations
    where not is_held_back and status <> 'bounced'

    union all

    select
        invitation_id,
        'contact' as role,
        case when is_held_back then 0.0 else 1.0 end as value,
        {{ local_date('chosen_at') }} as observed_on
    from invitations

),

final as (

    select
        'invitation' as event,
        counted.role,
        counted.role || ':' || counted.invitation_id as event_id,
        invitations.source,
        invitations.audience,
        invitations.family,
        invitations.person_id,
        invitations.account_id,
        'invitation:' || invitations.invitation_id as record_id,
        counted.value,
        coalesce(instruments.confidentiality, 'confidential') <> 'identified' as is_protected,
        counted.observed_on,
        invitations.wave_opened_on,
        invitations.wave_closed_on,
        json_object('instrument', invitations.instrument) as dimensions
    from counted
    inner join invitations on counted.invitation_id = invitations.invitation_id
    left join instruments on invitations.instrument = instruments.instrument

)

select * from final
