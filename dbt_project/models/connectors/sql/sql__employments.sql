-- Grain: a stretch of an employment,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'employments', ref('stg_sql__employments'),
    key='employment_id', teller='mapping'
) }}
