-- Grain: an account enters a stage of a journey, whichever source sent it.
{{ union_connectors('stage_events') }}
