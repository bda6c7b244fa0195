-- Grain: one cell of protected answers that readers have had, with the figures that they were told.
-- It changes no more: late answers and erasures change the next wave, not a published one.
select * from {{ ref('stg_ops__published_once') }}
