-- Grain: one audience with a journey.
select
    cast(audience as string) as audience,
    cast(stages as bigint) as stages,
    cast(declared_owner_share as double) as declared_owner_share,
    cast(declared_touchpoints_share as double) as declared_touchpoints_share,
    cast(declared_asked_share as double) as declared_asked_share,
    cast(declared_unsolicited_share as double) as declared_unsolicited_share,
    cast(declared_target_share as double) as declared_target_share,
    cast(evidenced_owner_share as double) as evidenced_owner_share,
    cast(evidenced_touchpoints_share as double) as evidenced_touchpoints_share,
    cast(evidenced_asked_share as double) as evidenced_asked_share,
    cast(evidenced_unsolicited_share as double) as evidenced_unsolicited_share,
    cast(declared as double) as declared,
    cast(evidenced as double) as evidenced,
    cast(coverage as double) as coverage
from {{ ref('fct_audience_coverage') }}
order by audience
