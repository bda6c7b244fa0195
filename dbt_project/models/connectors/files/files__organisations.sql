-- Grain: an organisation,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'organisations', ref('stg_files__organisations'),
    key='organisation_id', teller='file_name'
) }}
