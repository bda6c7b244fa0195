-- Grain: something that was said,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'feedback_turns', ref('stg_files__feedback_turns'),
    key='turn_id', teller='file_name'
) }}
