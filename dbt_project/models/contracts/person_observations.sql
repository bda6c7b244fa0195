-- Grain: an account as one system knows it: identifiers, names, flags, whichever source sent it.
{{ union_connectors('person_observations') }}
