-- Every subset of a metric's drivers is regressed; with twelve there are 4,096.
select
    metrics.metric,
    count(*) as drivers
from {{ ref('drivers') }} as drivers
inner join {{ ref('metrics') }} as metrics
    on list_contains(string_split(drivers.metrics, '|'), metrics.metric)
group by metrics.metric
having count(*) > 12
