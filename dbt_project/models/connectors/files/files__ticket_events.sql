-- Grain: something that happened to a ticket,
-- as the newest file that still has it tells it.
{{ told_by_the_newest_file('ticket_events', ref('stg_files__ticket_events'), key='ticket_event_id') }}
