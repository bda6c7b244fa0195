"""Stage 3, after who is who: what was written is redacted before anything reads it."""

import dagster as dg

from orchestration.between import between
from orchestration.settings import Settings

# What labelling reads, and dbt as source `redacted`.
TABLES = {"turns": "One row per turn, with its text as it may be read and whether it may leave."}
READS = (
    "feedback_turns", "person_observations", "person_relations", "ticket_events", "tickets",
)  # fmt: skip
AFTER = (("identity", "account_persons"),)


def build_redaction(current: Settings) -> dg.AssetsDefinition:
    """Return the step that redacts what is new or changed."""

    def work() -> dict[str, int]:
        from privacy.redaction import redact

        return redact(current.warehouse, current.languages)

    return between(current, "redacted", TABLES, READS, work, AFTER)
