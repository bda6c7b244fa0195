-- Grain: something that happened to a ticket,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'ticket_events', ref('stg_sql__ticket_events'),
    key='ticket_event_id', teller='mapping'
) }}
