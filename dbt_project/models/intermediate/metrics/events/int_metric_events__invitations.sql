-- Grain: one invitation that did not bounce.
with

instruments as (

    select * from {{ ref('instruments') }}

),

final as (

    select
        'invitation' as event,
        'invitation' as role,
        'invitation:' || invitations.invitation_id as event_id,
        invitations.source,
        invitations.audience,
        invitations.family,
        invitations.person_id,
        invitations.account_id,
        'invitation:' || invitations.invitation_id as record_id,
        case when invitations.status = 'completed' then 1.0 else 0.0 end as value,
        coalesce(instruments.confidentiality, 'confidential') <> 'identified' as is_protected,
        {{ local_date('invitations.sent_at') }} as observed_on,
        invitations.wave_opened_on,
        invitations.wave_closed_on,
        json_object('instrument', invitations.instrument) as dimensions
    from {{ ref('int_survey_invitations') }} as invitations
    left join instruments on invitations.instrument = instruments.instrument
    where invitations.status <> 'bounced'

)

select * from final
