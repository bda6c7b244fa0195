-- Grain: something that was said x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('feedback_turns', source('sql', 'feedback_turns'), teller='mapping') }}
