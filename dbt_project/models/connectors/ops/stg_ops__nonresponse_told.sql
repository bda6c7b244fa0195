-- Grain: one row on who did not answer to a protected instrument that was published, as it was first told.
select * from {{ source('ops', 'nonresponse_told') }}
