-- Grain: an account,
-- as the newest file that still has it tells it.
{{ told_by_the_newest_file('person_observations', ref('stg_files__person_observations'), key='account_id') }}
