-- Grain: one invitation of an identified instrument.
with

invitations as (

    select invitations.*
    from {{ ref('survey_invitations') }} as invitations
    inner join {{ ref('instruments') }} as instruments
        on invitations.instrument = instruments.instrument
    where instruments.confidentiality = 'identified'

),

experiences as (

    select * from {{ ref('int_experiences') }}
    where experience_kind = 'invitation'

),

final as (

    select
        invitations.invitation_id,
        invitations.account_id,
        experiences.person_id,
        invitations.instrument,
        experiences.audience,
        invitations.status,
        invitations.response_id,
        invitations.sent_at,
        invitations.completed_at
    from invitations

    left join experiences on invitations.invitation_id = experiences.experience_id

)

select * from final
