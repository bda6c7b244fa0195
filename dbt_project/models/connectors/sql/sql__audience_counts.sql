-- Grain: a number of people at a platform,
-- as the newest row of a table that still has it tells it.
{{ told_last(
    'sql', 'audience_counts', ref('stg_sql__audience_counts'),
    key='count_id', teller='mapping'
) }}
