-- Grain: an answer,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'survey_answers', ref('stg_files__survey_answers'),
    key='answer_id', teller='file_name'
) }}
