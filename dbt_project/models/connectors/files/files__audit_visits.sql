-- Grain: a mystery visit or leader's walk-through x criterion,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'audit_visits', ref('stg_files__audit_visits'),
    key='visit_criterion_id', teller='file_name'
) }}
