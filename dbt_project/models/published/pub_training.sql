-- Grain: one training x closed quarter or wave of the figure that it should move.
select
    cast(training as string) as training,
    cast(period_kind as string) as period_kind,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(label as string) as label,
    cast(kind as string) as kind,
    cast(departments as string) as departments,
    cast(started_on as date) as started_on,
    cast(placed as string) as placed,
    cast(people as bigint) as people,
    cast(completed as bigint) as completed,
    cast(completion as double) as completion,
    cast(completion_status as string) as completion_status,
    cast(metric as string) as metric,
    cast(audience as string) as audience,
    cast(segment as string) as segment,
    cast(value as double) as value,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(n as bigint) as n,
    cast(status as string) as status,
    cast(basis as string) as basis
from {{ ref('fct_training') }}
order by training, period_start
