-- Grain: an account x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('person_observations', source('sql', 'person_observations'), teller='mapping') }}
