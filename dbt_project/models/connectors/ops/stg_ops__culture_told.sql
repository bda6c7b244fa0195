-- Grain: one figure of what those inside were asked that was published, as it was first told.
select * from {{ source('ops', 'culture_told') }}
