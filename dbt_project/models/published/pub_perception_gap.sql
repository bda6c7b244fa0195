-- Grain: one question x audience x closed wave x measure.
select
    cast(question as string) as question,
    cast(audience as string) as audience,
    cast(instrument as string) as instrument,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(measure as string) as measure,
    cast(answered as double) as answered,
    cast(people_of_audience as bigint) as people_of_audience,
    cast(believed as double) as believed,
    cast(people_inside as bigint) as people_inside,
    cast(gap as double) as gap,
    cast(low as double) as low,
    cast(high as double) as high,
    cast(verdict as string) as verdict,
    cast(status as string) as status,
    cast(reason as string) as reason
from {{ ref('fct_perception_gap') }}
order by audience, question, instrument, period_start, measure
