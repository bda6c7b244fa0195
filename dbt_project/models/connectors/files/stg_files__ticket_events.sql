-- Grain: something that happened to a ticket x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_by_files('ticket_events', source('files', 'ticket_events')) }}
