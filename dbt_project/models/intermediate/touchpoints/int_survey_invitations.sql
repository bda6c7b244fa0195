-- Grain: one invitation, with who got it and as which audience.
{{ as_lived(ref('survey_invitations'), 'invitation', key='invitation_id', instead_of=['account_id']) }}
