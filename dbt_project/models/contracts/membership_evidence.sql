-- Grain: a reason to count an account into an audience over a time, whichever source sent it.
{{ union_connectors('membership_evidence') }}
