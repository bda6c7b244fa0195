-- Grain: What the audience said, in its own words or stars; never the agent, whichever source sent it.
{{ union_connectors('feedback_turns') }}
