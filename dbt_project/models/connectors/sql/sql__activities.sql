-- Grain: a task, call or e-mail of an agent,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'activities', ref('stg_sql__activities'),
    key='activity_id', teller='mapping'
) }}
