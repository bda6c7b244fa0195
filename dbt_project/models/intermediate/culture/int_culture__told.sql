-- Grain: one figure of what those inside were asked that readers have had, as they were told.
-- It changes no more: late answers and erasures change the next wave, not a published one.
select * from {{ ref('stg_ops__culture_told') }}
