-- Grain: an interaction,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'touchpoints', ref('stg_files__touchpoints'),
    key='touchpoint_id', teller='file_name'
) }}
