"""The steps between dbt's two runs: a room reads contracts and writes what dbt goes on from."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from orchestration.counting import rows_of
from orchestration.settings import Settings
from storage import opened, turn


def between(
    current: Settings,
    name: str,
    tables: Mapping[str, str],
    reads: Sequence[str],
    work: Callable[[], Mapping[str, Any]],
    after: Sequence[Sequence[str]] = (),
) -> dg.AssetsDefinition:
    """Return the step `name` that writes `tables` {name: description} of the schema of its name.

    `reads` are the contracts it waits for, `after` the tables of steps before it; what
    `work` returns is said of each table.
    """

    @dg.multi_asset(
        name=name,
        specs=[
            dg.AssetSpec(
                [name, table],
                deps=[*(["contracts", contract] for contract in reads), *map(list, after)],
                group_name=name,
                description=description,
                kinds={"python", "duckdb"},
            )
            for table, description in tables.items()
        ],
        pool="warehouse",
        required_resource_keys={"house"},
    )
    def step(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        start = time.monotonic()
        with turn(current.warehouse):
            stats = work()
        seconds = round(time.monotonic() - start, 1)
        context.log.info(f"{name}: {stats} in {seconds} s")
        with opened(current.warehouse) as db:
            rows = rows_of(db, [f"{name}.{table}" for table in tables])
        for table in tables:
            said = {"dagster/row_count": rows[f"{name}.{table}"], "seconds": seconds, **stats}
            yield dg.MaterializeResult(asset_key=[name, table], metadata=said)

    return step
