-- Grain: one figure of how alike departments answer that was published, as it was first told.
select * from {{ source('ops', 'alignment_told') }}
