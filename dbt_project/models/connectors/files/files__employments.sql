-- Grain: a stretch of an employment,
-- as the newest file that still has it tells it.
{{ told_by_the_newest_file('employments', ref('stg_files__employments'), key='employment_id') }}
