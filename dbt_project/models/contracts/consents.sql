-- Grain: a consent, objection or unsubscribe, whichever source sent it.
{{ union_connectors('consents') }}
