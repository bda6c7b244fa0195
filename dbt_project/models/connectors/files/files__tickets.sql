-- Grain: a ticket,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'tickets', ref('stg_files__tickets'),
    key='ticket_id', teller='file_name'
) }}
