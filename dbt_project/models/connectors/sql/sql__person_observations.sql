-- Grain: an account,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'person_observations', ref('stg_sql__person_observations'),
    key='account_id', teller='mapping'
) }}
