-- Grain: a label put on a turn by a labeller, whichever source sent it.
{{ union_connectors('feedback_labels') }}
