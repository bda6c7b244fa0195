-- Grain: an absence, training or change of team,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'work_events', ref('stg_files__work_events'),
    key='work_event_id', teller='file_name'
) }}
