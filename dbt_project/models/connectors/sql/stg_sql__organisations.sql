-- Grain: an organisation x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('organisations', source('sql', 'organisations'), teller='mapping') }}
