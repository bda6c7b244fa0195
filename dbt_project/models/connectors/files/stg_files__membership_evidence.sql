-- Grain: a reason to count an account into an audience x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('membership_evidence', source('files', 'membership_evidence'), teller='file_name') }}
