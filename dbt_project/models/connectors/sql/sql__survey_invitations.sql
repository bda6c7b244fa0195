-- Grain: an invitation,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'survey_invitations', ref('stg_sql__survey_invitations'),
    key='invitation_id', teller='mapping'
) }}
