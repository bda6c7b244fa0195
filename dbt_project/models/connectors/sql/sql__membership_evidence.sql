-- Grain: a reason to count an account into an audience,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'membership_evidence', ref('stg_sql__membership_evidence'),
    key='evidence_id', teller='mapping'
) }}
