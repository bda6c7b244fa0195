-- Grain: a ticket x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('tickets', source('sql', 'tickets'), teller='mapping') }}
