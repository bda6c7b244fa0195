-- Grain: one entry of an account into a stage as a source tells it, with who and as which audience.
{{ as_lived(ref('stage_events'), 'stage', key='stage_event_id', instead_of=['account_id', 'audience']) }}
