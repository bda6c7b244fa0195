-- Grain: a label on something that was said x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('feedback_labels', source('files', 'feedback_labels'), teller='file_name') }}
