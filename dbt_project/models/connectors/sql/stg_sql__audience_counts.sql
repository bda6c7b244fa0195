-- Grain: a number of people at a platform x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('audience_counts', source('sql', 'audience_counts'), teller='mapping') }}
