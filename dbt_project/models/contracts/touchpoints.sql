-- Grain: one interaction of an account with the organisation, at one instant, whichever source sent it.
{{ union_connectors('touchpoints') }}
