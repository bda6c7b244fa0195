-- Grain: an answer x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('survey_answers', source('sql', 'survey_answers'), teller='mapping') }}
