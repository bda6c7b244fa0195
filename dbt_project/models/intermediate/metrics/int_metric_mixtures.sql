-- Grain: one metric x audience x quarter in which identified and protected answers are counted
-- together: the quarter without its months would be the protected ones alone.
select
    metric,
    audience,
    date_trunc('quarter', observed_on) as quarter
from {{ ref('int_metric_days') }}
where observed_on is not null and not (is_protected and wave_opened_on is not null)
group by all
having bool_or(is_protected) and not bool_and(is_protected)
