-- Grain: one area of maturity.
select
    cast(area as string) as area,
    cast(label as string) as label,
    cast(position as bigint) as position,
    cast(level_declared as double) as level_declared,
    cast(people_declared as bigint) as people_declared,
    cast(declared_on as date) as declared_on,
    cast(level_evidenced as bigint) as level_evidenced,
    cast(indicators as bigint) as indicators,
    cast(indicators_shown as bigint) as indicators_shown,
    cast(indicators_met as bigint) as indicators_met,
    cast(level as double) as level,
    cast(basis as string) as basis
from {{ ref('fct_maturity') }}
order by position
