-- Grain: a reason to count an account into an audience x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('membership_evidence', source('sql', 'membership_evidence'), teller='mapping') }}
