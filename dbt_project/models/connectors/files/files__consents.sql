-- Grain: a consent or objection,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'consents', ref('stg_files__consents'),
    key='consent_id', teller='file_name'
) }}
