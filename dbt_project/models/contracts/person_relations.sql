-- Grain: a relation between two accounts, or an account and an organisation, whichever source sent it.
{{ union_connectors('person_relations') }}
