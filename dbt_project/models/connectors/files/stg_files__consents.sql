-- Grain: a consent or objection x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('consents', source('files', 'consents'), teller='file_name') }}
