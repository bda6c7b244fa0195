"""The same job by what people pick when they put the three tools together as their tutorials do.

`dagster job execute -m benchmarks.usual -j usual`: dlt with its defaults (rows as dictionaries,
`insert_values`, `merge`), `dbt build --full-refresh` by dagster-dbt's stock resource, and the
multiprocess executor. The sandbox's emulators, what is asked of them, dbt's project and the steps
between its two runs are the house's own; the raw door, the publication and the site are left out.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import dagster as dg
import dlt
import pyarrow as pa
from dagster_dbt import DbtCliResource, dbt_assets
from dlt.common.libs.pyarrow import py_arrow_to_table_schema_columns

from benchmarks.commands import DBT
from ingestion import ledger
from ingestion.classification import TableCount
from ingestion.connector import Connector, discover
from ingestion.landing import Columnar, Tally, arrow_schema
from ingestion.pipeline import connect
from orchestration import keys
from orchestration.house import House
from orchestration.identity import build_identity
from orchestration.labels import build_labels
from orchestration.load import LEDGER, raw_tables, settle_ledger
from orchestration.models import selections
from orchestration.project import prepare
from orchestration.redaction import build_redaction
from orchestration.settings import Settings, clock, settings

# The tests of a stage that read nothing of a later one.
INDIRECT = {"contracts": "cautious", "marts": "eager"}
FULL = ["build", "--full-refresh", "--exclude-resource-type", "unit_test", "--indirect-selection"]


class Rows(Columnar):
    """Rows as dbt's sources have them, as dictionaries."""

    def __call__(self, item: Any, meta: Any = None) -> Iterator[Any]:
        """Hand on the rows of a page that fit."""
        for page in super().__call__(item, meta):
            if isinstance(page, pa.Table):
                yield page.to_pylist()


def load(current: Settings, connector: Connector, as_of: datetime) -> None:
    """Load a source into raw, as dlt does where nothing is said."""
    dlt.config[f"sources.{connector.name}.as_of"] = as_of.isoformat()
    dlt.config[f"sources.{connector.name}.data_folder"] = str(current.data)
    source = connector.source()
    tallies = [Tally(table) for table in connector.tables]
    for tally in tallies:
        resource = source.resources[tally.table.name]
        resource.apply_hints(
            table_name=tally.table.name,
            write_disposition="merge",
            primary_key=list(tally.table.key),
            columns=py_arrow_to_table_schema_columns(arrow_schema(tally.table)),
        )
        resource.add_step(Rows(tally))
    dlt.pipeline(
        pipeline_name=connector.name,
        pipelines_dir=str(current.work),
        destination=dlt.destinations.duckdb(str(current.warehouse)),
        dataset_name=f"raw_{connector.name}",
    ).run(source)
    with connect(current.warehouse) as db:
        ledger.write_load(db, connector.name, as_of, [_counted(tally) for tally in tallies])


def _counted(tally: Tally) -> TableCount:
    good = tally.extracted - tally.quarantined
    return TableCount(tally.table.name, tally.extracted, good, 0, 0, 0, tally.quarantined)


def build_source(current: Settings, connector: Connector) -> dg.AssetsDefinition:
    """Return the step that loads one source."""

    @dg.multi_asset(
        name=f"load_{connector.name}",
        specs=[dg.AssetSpec([connector.name, table.name]) for table in raw_tables(connector)],
        pool="warehouse",
    )
    def load_source() -> Iterator[dg.MaterializeResult[None]]:
        load(current, connector, clock(current))
        for table in raw_tables(connector):
            yield dg.MaterializeResult([connector.name, table.name])

    return load_source


def build_ledger(current: Settings, on: dict[str, Connector]) -> dg.AssetsDefinition:
    """Return the step that makes what no source has filled, and sets the clock."""
    raw = [[name, table.name] for name, source in on.items() for table in raw_tables(source)]

    @dg.multi_asset(name="ledger", specs=[dg.AssetSpec(["ops", name], deps=raw) for name in LEDGER])
    def settled() -> Iterator[dg.MaterializeResult[None]]:
        keys.ensure(current.keys)
        settle_ledger(current.warehouse, on, clock(current))
        for name in LEDGER:
            yield dg.MaterializeResult(["ops", name])

    return settled


def build_models(manifest: Any, stage: str, select: list[str]) -> dg.AssetsDefinition:
    """Return one of dbt's two runs."""

    @dbt_assets(manifest=manifest, select=" ".join(select), name=stage, pool="warehouse")
    def models(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        yield from dbt.cli([*FULL, INDIRECT[stage]], context=context).stream()

    return models


@dg.definitions
def defs() -> dg.Definitions:
    """Return the job and its assets."""
    current = settings()
    on = {name: discover()[name] for name in current.sources}
    manifest = prepare(current)
    # One at a time: a second process that opens the DuckDB file is turned away.
    one_by_one = dg.multiprocess_executor.configured({"max_concurrent": 1})
    job = dg.define_asset_job("usual", dg.AssetSelection.all(), executor_def=one_by_one)
    return dg.Definitions(
        assets=[
            *(build_source(current, connector) for connector in on.values()),
            build_ledger(current, on),
            *(build_models(manifest, *stage) for stage in selections(manifest, [*on]).items()),
            build_identity(current),
            build_redaction(current),
            build_labels(current),
        ],
        jobs=[job],
        resources={
            "dbt": DbtCliResource(project_dir=str(current.project), dbt_executable=DBT),
            "house": House(lock_file=str(current.data / "run.lock")),
        },
    )
