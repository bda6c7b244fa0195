-- Grain: an invitation x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('survey_invitations', source('files', 'survey_invitations'), teller='file_name') }}
