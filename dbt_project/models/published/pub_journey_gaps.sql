-- Grain: one gap of an audience: its missing journey, or what a stage of its journey lacks.
select
    cast(audience as string) as audience,
    cast(journey as string) as journey,
    cast(stage as string) as stage,
    cast(stage_label as string) as stage_label,
    cast(position as bigint) as position,
    cast(phase as string) as phase,
    cast(owner_role as string) as owner_role,
    cast(gap as string) as gap
from {{ ref('fct_stage_gaps') }}
order by audience, position, gap
