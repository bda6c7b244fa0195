-- Grain: a stretch of an employment x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('employments', source('sql', 'employments'), teller='mapping') }}
