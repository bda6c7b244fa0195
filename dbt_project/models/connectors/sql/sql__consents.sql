-- Grain: a consent or objection,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'consents', ref('stg_sql__consents'),
    key='consent_id', teller='mapping'
) }}
