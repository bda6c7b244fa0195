-- Grain: a ticket x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_by_files('tickets', source('files', 'tickets')) }}
