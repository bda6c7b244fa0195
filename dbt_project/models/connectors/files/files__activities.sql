-- Grain: a task, call or e-mail of an agent,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'activities', ref('stg_files__activities'),
    key='activity_id', teller='file_name'
) }}
