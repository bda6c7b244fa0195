-- A stage that no registry knows belongs to no journey, so it counts nowhere.
-- A warning: it is a finding about the registry, and what is registered is still right.
{{ config(severity='warn', meta={
    'dagster': {'ref': {'name': 'int_stage_events'}},
    'classes': {'journey': 'none', 'stage': 'none'},
}) }}
select
    events.journey,
    events.stage,
    count(*) as stage_events
from {{ ref('int_stage_events') }} as events
left join {{ ref('journey_stages') }} as stages
    on
        events.journey = stages.journey
        and events.stage = stages.stage
where stages.stage is null
group by events.journey, events.stage
