-- Grain: an organisation x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_by_files('organisations', source('files', 'organisations')) }}
