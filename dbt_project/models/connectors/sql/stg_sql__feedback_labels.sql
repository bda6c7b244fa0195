-- Grain: a label on something that was said x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('feedback_labels', source('sql', 'feedback_labels'), teller='mapping') }}
