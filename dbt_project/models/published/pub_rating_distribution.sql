-- Grain: one audience x instrument x question x scale x quarter or snapshot x code of the scale.
select
    cast(audience as string) as audience,
    cast(instrument as string) as instrument,
    cast(question as string) as question,
    cast(scale_min as double) as scale_min,
    cast(scale_max as double) as scale_max,
    cast(period_kind as string) as period_kind,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(code as double) as code,
    cast(case when status <> 'suppressed' then n end as bigint) as n,
    cast(case when status <> 'suppressed' then answers end as bigint) as answers,
    cast(case when status <> 'suppressed' then share end as double) as share,
    cast(status as string) as status
from {{ ref('fct_rating_distribution') }}
order by audience, question, period_kind, period_start, code
