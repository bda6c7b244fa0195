-- Grain: a ticket x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('tickets', source('files', 'tickets'), teller='file_name') }}
