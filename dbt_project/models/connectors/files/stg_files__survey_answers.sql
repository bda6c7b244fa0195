-- Grain: an answer x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('survey_answers', source('files', 'survey_answers'), teller='file_name') }}
