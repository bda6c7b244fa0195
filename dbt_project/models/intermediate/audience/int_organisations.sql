-- Grain: one organisation as one system knows it.
select * from {{ ref('organisations') }}
