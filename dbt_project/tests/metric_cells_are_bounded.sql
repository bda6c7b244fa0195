-- The number of metric values has a bound that does not hang on how many people there are
-- (`max_metric_cells` in dbt_project.yml, with its reason).
select count(*) as metric_cells
from {{ ref('fct_metric_values') }}
having count(*) > {{ var('max_metric_cells') }}
