-- Grain: an interaction x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_by_files('touchpoints', source('files', 'touchpoints')) }}
