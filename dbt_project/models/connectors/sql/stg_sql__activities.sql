-- Grain: a task, call or e-mail of an agent x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('activities', source('sql', 'activities'), teller='mapping') }}
