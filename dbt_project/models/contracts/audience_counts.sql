-- Grain: a number of followers or listeners of a platform: numbers, not persons, whichever source sent it.
{{ union_connectors('audience_counts') }}
