-- Every subset of a metric's drivers is regressed; with twelve there are 4,096.
select
    metric,
    count(*) as drivers
from (
    select unnest(string_split(metrics, '|')) as metric
    from {{ ref('drivers') }}
) as named
group by metric
having count(*) > 12
