-- Grain: an interaction x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('touchpoints', source('sql', 'touchpoints'), teller='mapping') }}
