-- Grain: one schedule x UTC day x 1440th of its business minutes that this day's own reach into.
-- For whoever looks for the day in which minutes run out: a join by range alone would hold every
-- promise against every day.
select
    *,
    unnest(range(
        {{ minutes_part('minutes_before') }},
        {{ minutes_part('(minutes_before + open_minutes)') }} + 1
    )) as minutes_part
from {{ ref('int_business_days') }}
