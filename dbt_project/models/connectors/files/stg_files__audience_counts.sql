-- Grain: a number of people at a platform x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('audience_counts', source('files', 'audience_counts'), teller='file_name') }}
