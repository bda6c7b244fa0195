-- Grain: a ticket,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'tickets', ref('stg_sql__tickets'),
    key='ticket_id', teller='mapping'
) }}
