-- Grain: one figure of how alike departments answer that readers have had, as they were told.
-- It changes no more: late answers and erasures change the next wave, not a published one.
select * from {{ ref('stg_ops__alignment_told') }}
