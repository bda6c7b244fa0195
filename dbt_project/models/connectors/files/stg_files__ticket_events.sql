-- Grain: something that happened to a ticket x the file that tells of it.
-- A row that its file no longer has is marked.
{{ told_rows('ticket_events', source('files', 'ticket_events'), teller='file_name') }}
