-- Grain: a stretch of an employment with the same facts; bitemporal, whichever source sent it.
{{ union_connectors('employments') }}
