-- Grain: an interaction,
-- as the newest file that still has it tells it.
{{ told_by_the_newest_file('touchpoints', ref('stg_files__touchpoints'), key='touchpoint_id') }}
