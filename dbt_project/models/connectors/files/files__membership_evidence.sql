-- Grain: a reason to count an account into an audience,
-- as the newest file that still has it tells it.
{{ told_last(
    'files', 'membership_evidence', ref('stg_files__membership_evidence'),
    key='evidence_id', teller='file_name'
) }}
