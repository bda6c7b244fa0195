-- Grain: an invitation,
-- as the newest file that still has it tells it.
{{ told_by_the_newest_file('survey_invitations', ref('stg_files__survey_invitations'), key='invitation_id') }}
