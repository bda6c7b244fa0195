-- Grain: something that was said x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('feedback_turns', source('files', 'feedback_turns'), teller='file_name') }}
