-- Grain: a question of a survey with its declared role and scale, whichever source sent it.
{{ union_connectors('survey_questions') }}
