-- Grain: an organisation,
-- as the newest file that still has it tells it.
{{ told_by_the_newest_file('organisations', ref('stg_files__organisations'), key='organisation_id') }}
