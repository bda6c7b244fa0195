-- Grain: one recorded touchpoint, with who lived it and as which audience.
{{ as_lived(ref('touchpoints'), 'touchpoint', key='touchpoint_id', instead_of=['account_id']) }}
