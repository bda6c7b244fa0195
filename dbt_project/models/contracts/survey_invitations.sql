-- Grain: one invitation of one account to one survey, whichever source sent it.
{{ union_connectors('survey_invitations') }}
