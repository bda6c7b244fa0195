-- Grain: Absence, training or change of team, whichever source sent it.
{{ union_connectors('work_events') }}
