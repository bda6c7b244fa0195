-- Grain: one invitation of an identified instrument.
with

invitations as (

    select invitations.*
    from {{ ref('int_survey_invitations') }} as invitations
    inner join {{ ref('instruments') }} as instruments
        on invitations.instrument = instruments.instrument
    where instruments.confidentiality = 'identified'

),

final as (

    select
        invitations.invitation_id,
        invitations.account_id,
        invitations.person_id,
        invitations.instrument,
        invitations.audience,
        invitations.status,
        invitations.response_id,
        invitations.sampled_at,
        invitations.sent_at,
        invitations.opened_at,
        invitations.started_at,
        invitations.completed_at
    from invitations

)

select * from final
