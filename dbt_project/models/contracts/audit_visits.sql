-- Grain: Mystery visit or leader's walk-through x criterion, whichever source sent it.
{{ union_connectors('audit_visits') }}
