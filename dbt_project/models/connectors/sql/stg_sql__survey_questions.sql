-- Grain: a question x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('survey_questions', source('sql', 'survey_questions'), teller='mapping') }}
