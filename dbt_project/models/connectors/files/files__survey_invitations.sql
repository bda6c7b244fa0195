-- Grain: an invitation,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'survey_invitations', ref('stg_files__survey_invitations'),
    key='invitation_id', teller='file_name'
) }}
