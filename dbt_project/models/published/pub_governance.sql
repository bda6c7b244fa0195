-- Grain: one finding on an audience or a stage.
select
    cast(finding as string) as finding,
    cast(audience as string) as audience,
    cast(audience_rank as bigint) as audience_rank,
    cast(journey as string) as journey,
    cast(stage as string) as stage,
    cast(owner_role as string) as owner_role,
    cast(since as date) as since,
    cast(days_overdue as bigint) as days_overdue,
    cast(what_to_do as string) as what_to_do
from {{ ref('fct_governance') }}
order by finding, audience_rank, journey, stage
