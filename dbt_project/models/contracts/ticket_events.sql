-- Grain: one thing that happened to a ticket, whichever source sent it.
{{ union_connectors('ticket_events') }}
