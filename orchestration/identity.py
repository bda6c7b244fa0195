"""Stage 3: who is who, between the contracts and everything that speaks of persons."""

import time
from collections.abc import Iterator

import dagster as dg

from orchestration.settings import Settings
from orchestration.standing import as_of

TABLES = {
    "account_persons": "One row per account that is bound to a person.",
    "persons": "One row per person, with the attributes of its best account.",
    "contested_values": "Identifier values that join too many accounts and therefore nobody.",
}
READS = ("person_observations", "person_relations")


def build_identity(current: Settings) -> dg.AssetsDefinition:
    """Return the step that binds accounts to persons."""

    @dg.multi_asset(
        name="identity",
        specs=[
            dg.AssetSpec(
                ["identity", table],
                deps=[["contracts", contract] for contract in READS],
                group_name="identity",
                description=description,
                kinds={"python", "duckdb"},
                owners=["team:data-engineering"],
            )
            for table, description in TABLES.items()
        ],
        pool="warehouse",
        required_resource_keys={"house"},
    )
    def recognise(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        from identity import resolve

        start = time.monotonic()
        stats = resolve(current.warehouse, as_of(current))
        seconds = round(time.monotonic() - start, 1)
        context.log.info(f"identity: {stats} in {seconds} s")
        for table in TABLES:
            yield dg.MaterializeResult(
                asset_key=["identity", table], metadata={"seconds": seconds, **stats}
            )

    return recognise
