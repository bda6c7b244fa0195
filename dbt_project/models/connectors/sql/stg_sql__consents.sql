-- Grain: a consent or objection x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('consents', source('sql', 'consents'), teller='mapping') }}
