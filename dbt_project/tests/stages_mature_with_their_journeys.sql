-- What the registry says of metrics that wait for a journey's window is true of the longest one.
{{ config(meta={'dagster': {'ref': {'name': 'metrics'}}}) }}
select
    metrics.metric,
    metrics.maturity_days
from {{ ref('metrics') }} as metrics
where
    metrics.event = 'stage'
    and metrics.maturity_days <> (
        select max(journeys.window_days) from {{ ref('journeys') }} as journeys
    )
