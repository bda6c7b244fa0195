-- Grain: a stretch of an employment x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('employments', source('files', 'employments'), teller='file_name') }}
