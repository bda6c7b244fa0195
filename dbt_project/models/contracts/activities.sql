-- Grain: a task, call or e-mail of an agent towards an account, whichever source sent it.
{{ union_connectors('activities') }}
