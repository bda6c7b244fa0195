-- Grain: a mystery visit or leader's walk-through x criterion x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('audit_visits', source('files', 'audit_visits'), teller='file_name') }}
