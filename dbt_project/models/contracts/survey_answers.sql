-- Grain: one answer: response x question, whichever source sent it.
{{ union_connectors('survey_answers') }}
