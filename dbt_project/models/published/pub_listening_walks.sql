-- Grain: one stage of a journey x kind of visit: mystery visits and leaders' walk-throughs.
select
    cast(journey as string) as journey,
    cast(stage as string) as stage,
    cast(visit_kind as string) as visit_kind,
    cast(stage_label as string) as stage_label,
    cast(position as bigint) as position,
    cast(phase as string) as phase,
    cast(visits as bigint) as visits,
    cast(last_visited_at as timestamp) as last_visited_at,
    cast(last_criteria as bigint) as last_criteria,
    cast(last_score_share as double) as last_score_share,
    cast(days_since as bigint) as days_since,
    cast(journey_last_visited_at as timestamp) as journey_last_visited_at
from {{ ref('fct_listening_walks') }}
order by journey, position, visit_kind
