-- Grain: a number of people at a platform,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'audience_counts', ref('stg_files__audience_counts'),
    key='count_id', teller='file_name'
) }}
