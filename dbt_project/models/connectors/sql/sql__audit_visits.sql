-- Grain: a mystery visit or leader's walk-through x criterion,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'audit_visits', ref('stg_sql__audit_visits'),
    key='visit_criterion_id', teller='mapping'
) }}
