-- Grain: a question,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'survey_questions', ref('stg_sql__survey_questions'),
    key='question_id', teller='mapping'
) }}
