-- Grain: an absence, training or change of team,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'work_events', ref('stg_sql__work_events'),
    key='work_event_id', teller='mapping'
) }}
