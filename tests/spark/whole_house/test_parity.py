"""Every model that the house builds is built on a Spark cluster too, and its rows are the same.

The same small world on both engines: a first build, then a day more and a second. What a view says
is compared in the tables that read it.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orchestration.cluster import hand_over
from orchestration.models import selections
from orchestration.settings import lent, settings
from storage.cluster import BUILT
from tests.spark import parity
from tests.spark.cluster import WORKERS, Cluster
from tests.whole_house.conftest import House

pytestmark = pytest.mark.spark

# Models that only DuckDB can build, each with its reason. One that would build on Spark fails here.
DUCKDB_ONLY: dict[str, str] = {}
Record = Callable[[str, object], None]


@dataclass(frozen=True)
class Done:
    """What dbt built on Spark, and in what it differs from DuckDB, by table."""

    built: dict[str, str]
    tables: list[parity.Table]
    differences: dict[str, str]
    rows: int

    def __str__(self) -> str:
        models = sum(name.startswith("model.") for name in self.built)
        return (
            f"{models} models and {len(self.built) - models} registries built, "
            f"{len(self.tables) - len(self.differences)} of {len(self.tables)} tables with "
            f"{self.rows:,} rows are equal, {len(DUCKDB_ONLY)} models are DuckDB's alone"
        )


def manifest(house: House) -> dict[str, Any]:
    return dict(json.loads((house.data / "dbt" / "manifest.json").read_text()))


def chosen(house: House) -> list[str]:
    """dbt's selectors for all that a run builds of the sources that are on."""
    stages = selections(manifest(house), ("hubspot", "qualtrics", "bamboohr", "zendesk", "files"))
    return [word for words in stages.values() for word in words if not word.startswith("source:")]


def build(house: House, dbt: Callable[..., Any]) -> Done:
    made = house.data.parent / "spark"
    hand(house, made / "lake")
    done = dbt(
        house, "build", "--exclude-resource-type", "test", "unit_test", "--select", *chosen(house)
    )
    assert done.returncode == 0, told(done.stdout)
    return compared(house, json.loads((made / "dbt" / "run_results.json").read_text()))


def hand(house: House, folder: Path) -> None:
    """Hand over what DuckDB's models were made of: who is who, what is redacted and labelled too."""
    of_the_cluster = {
        "AX_TARGET": "spark",
        "SPARK_REMOTE": "sc://unasked",
        "AX_SPARK_FILES": str(folder),
    }
    with lent({**house.environment, **of_the_cluster}):
        current = settings()
    assert current.cluster
    # What is kept from run to run goes on from what Spark made of it, or two engines were one.
    nodes = manifest(house)["nodes"].items()
    own = {name for name, node in nodes if node["config"]["materialized"] != "incremental"}
    assert hand_over(current, current.cluster, manifest(house), own)


def told(output: str) -> str:
    """The failures of a run, which dbt repeats at its end."""
    return "\n".join(re.findall(r"(?:Failure in|Error in|\[[A-Z_.]+\]).*", output)[-40:])


def compared(house: House, results: dict[str, Any]) -> Done:
    nodes = manifest(house)["nodes"]
    built = {r["unique_id"]: r["status"] for r in results["results"] if r["unique_id"] in nodes}
    tables = [
        parity.Table(node["database"], node["schema"], node["alias"], files(house, node))
        for node in map(nodes.__getitem__, built)
        if node["config"]["materialized"] != "view"
    ]
    with parity.reader(house.data) as db:
        found = {table.name: parity.difference(db, table) for table in tables}
        rows = sum(parity.rows(db, table) for table in tables)
    return Done(built, tables, {name: how for name, how in found.items() if how}, rows)


def files(house: House, node: dict[str, Any]) -> Path:
    return house.data.parent / "spark" / "lake" / BUILT / node["schema"] / node["alias"]


@pytest.fixture(scope="module")
def first(small: House, dbt: Callable[..., Any]) -> Done:
    return build(small, dbt)


@pytest.fixture(scope="module")
def second(first: Done, small: House, dbt: Callable[..., Any]) -> Done:
    small.green("sandbox", "advance", "--days", "1")
    small.green("run")
    return build(small, dbt)


def test_the_work_is_done_by_two_workers(
    first: Done, cluster: Cluster, record_property: Record
) -> None:
    assert len(cluster.workers()) == WORKERS
    (app,) = cluster.apps()
    assert app["cores"] == WORKERS
    tasks = cluster.tasks_done()
    record_property("tasks by worker", tasks)
    assert min(tasks.values()) > len(first.tables)


def test_every_model_is_built(first: Done, small: House) -> None:
    models = {name for name in first.built if name.startswith("model.")}
    told = json.loads((small.data / "dbt" / "run_results.json").read_text())["results"]
    on_duckdb = {r["unique_id"] for r in told if r["unique_id"].startswith("model.")}
    missing = {name.split(".")[-1] for name in on_duckdb - models}
    assert missing == DUCKDB_ONLY.keys()
    assert not DUCKDB_ONLY.keys() & {name.split(".")[-1] for name in models}


def test_every_table_is_equal(first: Done, record_property: Record) -> None:
    record_property("first build", str(first))
    assert not first.differences


@pytest.mark.proof
@pytest.mark.a_day_later
def test_every_table_is_equal_a_day_later(
    first: Done, second: Done, record_property: Record
) -> None:
    record_property("a day later", str(second))
    assert second.built.keys() == first.built.keys()
    assert second.rows > first.rows
    assert not second.differences


@pytest.mark.proof
def test_every_check_of_dbt_holds(
    second: Done, small: House, dbt: Callable[..., Any], record_property: Record
) -> None:
    done = dbt(small, "test", "--exclude-resource-type", "unit_test", "--select", *chosen(small))
    record_property("checks", re.findall(r"Done\..*", done.stdout))
    assert done.returncode == 0, told(done.stdout)
