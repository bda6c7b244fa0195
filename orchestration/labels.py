"""Stage 3, after redaction: what was written gets its labels, before metrics count them."""

import dagster as dg

from orchestration.between import between
from orchestration.settings import Settings

# What dbt reads as source `labels`.
TABLES = {
    "turn_labels": "One row per label that a labeller of this house gave to a turn.",
    "turn_languages": "One row per turn with text, with the language it is written in.",
}
READS: tuple[str, ...] = ()
AFTER = (("redacted", "turns"),)


def build_labels(current: Settings) -> dg.AssetsDefinition:
    """Return the step that labels what is new or changed."""

    def work() -> dict[str, int]:
        from labelling.label import label, learned, shipped

        labellers = [*shipped(), *learned(current.labellers)]
        return label(current.warehouse, labellers)

    return between(current, "labels", TABLES, READS, work, AFTER)
