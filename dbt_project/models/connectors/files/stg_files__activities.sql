-- Grain: a task, call or e-mail of an agent x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('activities', source('files', 'activities'), teller='file_name') }}
