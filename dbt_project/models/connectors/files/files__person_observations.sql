-- Grain: an account,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'person_observations', ref('stg_files__person_observations'),
    key='account_id', teller='file_name'
) }}
