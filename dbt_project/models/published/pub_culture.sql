-- Grain: one closed wave x instrument x question x measure.
select
    cast(instrument as string) as instrument,
    cast(role as string) as role,
    cast(question as string) as question,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(measure as string) as measure,
    cast(people as bigint) as people,
    cast(value as double) as value,
    cast(std_error as double) as std_error,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(is_protected as boolean) as is_protected,
    cast(status as string) as status
from {{ ref('fct_culture') }}
order by instrument, period_start, role, question, measure
