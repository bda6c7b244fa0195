-- Grain: a mystery visit or leader's walk-through x criterion x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('audit_visits', source('sql', 'audit_visits'), teller='mapping') }}
