-- Grain: a label on something that was said,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'feedback_labels', ref('stg_sql__feedback_labels'),
    key='label_id', teller='mapping'
) }}
