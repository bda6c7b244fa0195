-- Grain: something that was said,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'feedback_turns', ref('stg_sql__feedback_turns'),
    key='turn_id', teller='mapping'
) }}
