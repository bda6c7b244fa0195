-- Grain: one metric of the registry.
select * from {{ ref('metrics') }}
