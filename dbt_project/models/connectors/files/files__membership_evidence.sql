-- Grain: a reason to count an account into an audience,
-- as the newest file that still has it tells it.
{{ told_by_the_newest_file('membership_evidence', ref('stg_files__membership_evidence'), key='evidence_id') }}
