-- Grain: an account x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('person_observations', source('files', 'person_observations'), teller='file_name') }}
