-- Grain: a number of people at a platform,
-- as the newest file that still has it tells it.
{{ told_by_the_newest_file('audience_counts', ref('stg_files__audience_counts'), key='count_id') }}
