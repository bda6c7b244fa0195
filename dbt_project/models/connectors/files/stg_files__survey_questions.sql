-- Grain: a question x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('survey_questions', source('files', 'survey_questions'), teller='file_name') }}
