-- Grain: one criterion of a level of an area.
select
    cast(indicator as string) as indicator,
    cast(area as string) as area,
    cast(level as bigint) as level,
    cast(label as string) as label,
    cast(measure as string) as measure,
    cast(at_least as double) as at_least,
    cast(part as bigint) as part,
    cast(whole as bigint) as whole,
    cast(share as double) as share,
    cast(status as string) as status
from {{ ref('fct_maturity_indicators') }}
order by area, level, indicator
