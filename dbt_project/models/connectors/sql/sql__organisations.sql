-- Grain: an organisation,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'organisations', ref('stg_sql__organisations'),
    key='organisation_id', teller='mapping'
) }}
