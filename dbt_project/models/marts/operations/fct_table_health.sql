-- Grain: one table of one source that is on, as it stood when it was last judged.
select * from {{ ref('int_sources__table_health') }}
