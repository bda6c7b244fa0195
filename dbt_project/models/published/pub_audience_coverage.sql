-- Grain: one audience with a journey.
select
    cast(audience as string) as audience,
    cast(stages as bigint) as stages,
    cast(owner_share as double) as owner_share,
    cast(target_share as double) as target_share,
    cast(touchpoints_share as double) as touchpoints_share,
    cast(asked_share as double) as asked_share,
    cast(unsolicited_share as double) as unsolicited_share,
    cast(declared as double) as declared,
    cast(evidenced as double) as evidenced,
    cast(coverage as double) as coverage
from {{ ref('fct_audience_coverage') }}
order by audience
