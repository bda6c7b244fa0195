-- Grain: one outcome of answers to a protected instrument that was published, as it was first told.
select * from {{ source('ops', 'exclusions_told') }}
