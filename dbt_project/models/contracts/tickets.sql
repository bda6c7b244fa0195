-- Grain: a request for help or a complaint, whichever source sent it.
{{ union_connectors('tickets') }}
