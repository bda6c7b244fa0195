-- Grain: an absence, training or change of team x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('work_events', source('files', 'work_events'), teller='file_name') }}
