-- Grain: an absence, training or change of team x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('work_events', source('sql', 'work_events'), teller='mapping') }}
