-- Grain: an interaction x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('touchpoints', source('files', 'touchpoints'), teller='file_name') }}
