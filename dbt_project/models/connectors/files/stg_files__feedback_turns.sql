-- Grain: something that was said x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_by_files('feedback_turns', source('files', 'feedback_turns')) }}
