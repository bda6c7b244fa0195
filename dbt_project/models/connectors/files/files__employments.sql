-- Grain: a stretch of an employment,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'employments', ref('stg_files__employments'),
    key='employment_id', teller='file_name'
) }}
