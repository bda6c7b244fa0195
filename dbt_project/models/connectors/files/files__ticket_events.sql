-- Grain: something that happened to a ticket,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'ticket_events', ref('stg_files__ticket_events'),
    key='ticket_event_id', teller='file_name'
) }}
