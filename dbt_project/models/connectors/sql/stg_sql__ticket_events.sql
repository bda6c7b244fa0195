-- Grain: something that happened to a ticket x the mapping that tells of it.
-- A row that its table no longer has is marked.
{{ told_rows('ticket_events', source('sql', 'ticket_events'), teller='mapping') }}
