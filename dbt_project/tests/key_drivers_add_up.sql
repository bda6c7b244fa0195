-- The weights of a cell are R squared, shared out: nothing is left over and nothing is counted twice.
select
    audience,
    metric,
    period_kind,
    period_start,
    sum(weight) as weights,
    max(r2) as r2
from {{ ref('fct_key_drivers') }}
where status = 'ok'
group by audience, metric, period_kind, period_start
having abs(sum(weight) - max(r2)) > 1e-9
