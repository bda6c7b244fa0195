-- Grain: an invitation x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('survey_invitations', source('sql', 'survey_invitations'), teller='mapping') }}
