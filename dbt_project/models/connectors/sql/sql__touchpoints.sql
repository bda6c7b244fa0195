-- Grain: an interaction,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'touchpoints', ref('stg_sql__touchpoints'),
    key='touchpoint_id', teller='mapping'
) }}
