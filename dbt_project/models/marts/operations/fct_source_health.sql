-- Grain: one source that is on, with its last good load and its last problem.
select * from {{ ref('int_sources__freshness') }}
