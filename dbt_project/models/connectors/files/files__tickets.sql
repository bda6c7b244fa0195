-- Grain: a ticket,
-- as the newest file that still has it tells it.
{{ told_by_the_newest_file('tickets', ref('stg_files__tickets'), key='ticket_id') }}
