-- Grain: one cell of protected answers that was published, as it was first told.
select * from {{ source('ops', 'published_once') }}
