-- Grain: a label on something that was said,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'feedback_labels', ref('stg_files__feedback_labels'),
    key='label_id', teller='file_name'
) }}
