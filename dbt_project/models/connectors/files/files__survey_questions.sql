-- Grain: a question,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'survey_questions', ref('stg_files__survey_questions'),
    key='question_id', teller='file_name'
) }}
