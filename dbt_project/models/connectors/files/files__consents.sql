-- Grain: a consent or objection,
-- as the newest file that still has it tells it.
{{ told_by_the_newest_file('consents', ref('stg_files__consents'), key='consent_id') }}
