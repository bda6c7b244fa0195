"""Stage 3, beside who is who: what was written gets its labels, before metrics count them."""

import time
from collections.abc import Iterator

import dagster as dg

from orchestration.settings import Settings

# What dbt reads as source `labels`.
TABLES = {
    "turn_labels": "One row per label that a labeller of this house gave to a turn.",
    "turn_languages": "One row per turn with text, with the language it is written in.",
}
READS = ("feedback_turns",)


def build_labels(current: Settings) -> dg.AssetsDefinition:
    """Return the step that labels what is new or changed."""

    @dg.multi_asset(
        name="labels",
        specs=[
            dg.AssetSpec(
                ["labels", table],
                deps=[["contracts", contract] for contract in READS],
                group_name="labels",
                description=description,
                kinds={"python", "duckdb"},
                owners=["team:data-engineering"],
            )
            for table, description in TABLES.items()
        ],
        pool="warehouse",
        required_resource_keys={"house"},
    )
    def read_texts(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        from labelling.label import label, learned, shipped

        start = time.monotonic()
        labellers = [*shipped(), *learned(current.labellers)]
        stats = label(current.warehouse, current.languages, labellers)
        seconds = round(time.monotonic() - start, 1)
        context.log.info(f"labels: {stats} in {seconds} s")
        for table in TABLES:
            yield dg.MaterializeResult(
                asset_key=["labels", table], metadata={"seconds": seconds, **stats}
            )

    return read_texts
