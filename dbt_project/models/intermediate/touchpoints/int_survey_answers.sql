-- Grain: one answer, with who gave it and as which audience.
{{ as_lived(ref('survey_answers'), 'response', key='response_id', instead_of=['account_id', 'audience']) }}
