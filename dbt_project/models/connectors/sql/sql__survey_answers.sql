-- Grain: an answer,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'survey_answers', ref('stg_sql__survey_answers'),
    key='answer_id', teller='mapping'
) }}
