"""A stage of the house on a real cluster: handed over, built there, seen in the warehouse as ever."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
import yaml

from orchestration import cluster as on_cluster
from orchestration import dbt_bridge, standing
from orchestration.commands.run import problems
from orchestration.house import House
from orchestration.models import build_models
from orchestration.project import prepare
from orchestration.settings import Settings
from storage import Cluster as Address
from storage.errors import NoCluster
from tests.spark.cluster import Cluster
from tests.spark.conftest import emptied
from tests.unit.orchestration.toys import program, toy_house

pytestmark = pytest.mark.spark

COLUMNS = {"bee": "string", "size": "bigint", "seen_at": "timestamp", "share": "double"}
FILES = {
    "models/contracts/all_bees.sql": (
        "{{ config(materialized='view') }} select * from {{ source('raw_bees', 'things') }}"
    ),
    "models/contracts/all_bees.yml": yaml.safe_dump({
        "sources": [{"name": "raw_bees", "tables": [{"name": "things"}]}]
    }),
    "models/contracts/bees.sql": (
        "{{ config(materialized='table', schema='contracts') }} select id as bee, size, seen_at,"
        " 1 / size as share from {{ ref('all_bees') }}"
    ),
    # Which bees were ever seen, told once: what is gone from raw is nowhere else.
    "models/marts/bees_ever.sql": (
        "{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false,"
        " schema='marts') }} select bee, size from {{ ref('bees') }}"
        "{% if is_incremental() %} where bee not in (select e.bee from {{ this }} as e){% endif %}"
    ),
    "models/published/pub_bees.sql": (
        "{{ config(materialized='table', database='publication') }} select bee, size,"
        " cast(seen_at as timestamp) as seen_at, share from {{ ref('bees') }} where size > 1"
    ),
    "models/published/pub_bees.yml": yaml.safe_dump({
        "models": [{
            "name": "pub_bees", "description": "Bees' sizes.",
            "config": {"contract": {"enforced": True}},
            "columns": [
                {"name": name, "data_type": kind, "description": f"The {name} of a bee."}
                for name, kind in COLUMNS.items()
            ],
        }]
    }),
}  # fmt: skip
ROWS = """
create schema raw_bees;
create table raw_bees.things as select * from (values
    ('a', 1::bigint, timestamptz '2026-01-01 00:30:00+00', '100'),
    ('b', 2, timestamptz '2026-06-30 23:59:59.123456+00', '100'),
    ('c', null, null, '100')
) as rows (id, size, seen_at, _dlt_load_id)
"""


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> Settings:
    folder = tmp_path_factory.mktemp("toy")
    emptied(cluster)
    here = toy_house(folder, FILES, "bees")
    with duckdb.connect(str(here.warehouse)) as db:
        db.execute("set TimeZone = 'UTC'")
        db.execute(ROWS)
    return replace(here, cluster=Address(cluster.remote, folder / "files"))


def built(current: Settings, folder: Path) -> dict[str, Any]:
    """Run the stages; return what was said of each relation that was built."""
    house = House(lock_file=str(folder / "run.lock"))
    with dg.instance_for_test(temp_dir=str(folder)) as instance:
        done = dg.materialize(
            build_models(current, prepare(current)), instance=instance, resources={"house": house}
        )
    assert done.success
    return {
        event.asset_key.path[-1]: event.materialization.metadata
        for event in done.get_asset_materialization_events()
    }


def warehouse(current: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(current.warehouse)) as db:
        db.execute("set TimeZone = 'UTC'")
        db.execute(f"attach '{current.publication}' as publication")
        return db.execute(sql).fetchall()


def test_what_the_cluster_built_is_seen_as_if_it_were_built_here(
    current, cluster, tmp_path
) -> None:
    before = cluster.tasks_done()
    made = built(current, tmp_path)

    assert {"bees", "pub_bees"} <= made.keys()
    assert made["bees"]["dagster/row_count"].value == 3
    assert warehouse(current, "select bee, size, share from contracts.bees order by bee") == [
        ("a", 1, 1.0), ("b", 2, 0.5), ("c", None, None)
    ]  # fmt: skip
    assert warehouse(current, "select * from publication.main.pub_bees") == [
        ("b", 2, duckdb.sql("select timestamp '2026-06-30 23:59:59.123456'").fetchall()[0][0], 0.5)
    ]
    shown = "select column_name, lower(data_type), comment from duckdb_columns() where table_name = 'pub_bees'"
    assert warehouse(current, shown) == [
        (name, kind.replace("string", "varchar"), f"The {name} of a bee.")
        for name, kind in COLUMNS.items()
    ]
    # It lies in Spark's files, and not in the warehouse.
    assert (
        warehouse(current, "select table_name from duckdb_tables() where table_name = 'bees'") == []
    )
    assert sum(cluster.tasks_done().values()) > sum(before.values())


def test_what_is_new_is_handed_over_and_what_is_not_stays(current, tmp_path) -> None:
    built(current, tmp_path)
    nodes = prepare(current)["nodes"].keys()
    handed = on_cluster.hand_over(current, current.cluster, prepare(current), nodes)
    assert {*handed} <= {"marts.bees_ever"}  # which is what was built

    warehouse(current, "insert into raw_bees.things values ('d', 4, null, '101')")
    assert built(current, tmp_path)["bees"]["dagster/row_count"].value == 4
    assert len(warehouse(current, "from publication.main.pub_bees")) == 2


def test_what_is_told_once_outlives_the_cluster_and_its_folder(current, tmp_path) -> None:
    ever = "select bee, size from marts.bees_ever order by bee"
    built(current, tmp_path)
    before = warehouse(current, ever)
    warehouse(current, "update raw_bees.things set size = 9, _dlt_load_id = '102' where id = 'a'")
    built(current, tmp_path)
    assert warehouse(current, ever) == before

    on_cluster.forget(current)
    standing.forget(current)
    assert ("a", 9) in built_anew(current, tmp_path, "select bee, size from contracts.bees")
    assert warehouse(current, ever) == before

    # Another target goes on where this one was.
    here = replace(current, cluster=None)
    assert ("a", 9) in built_anew(here, tmp_path, "select bee, size from contracts.bees")
    assert warehouse(current, ever) == before


def built_anew(current: Settings, folder: Path, sql: str) -> list[tuple[Any, ...]]:
    standing.forget(current)
    built(current, folder)
    return warehouse(current, sql)


def went_wrong(current: Settings, folder: Path) -> list[str]:
    """Run the stages anew; return what is said of what failed."""
    standing.forget(current)
    house = House(lock_file=str(folder / "run.lock"))
    with dg.instance_for_test(temp_dir=str(folder)) as instance:
        done = dg.materialize(
            build_models(current, prepare(current)),
            instance=instance, resources={"house": house}, raise_on_error=False,
        )  # fmt: skip
    return problems(done)


def test_a_dbt_that_was_killed_is_told_and_nothing_is_taken_back(
    current, tmp_path, monkeypatch
) -> None:
    built(current, tmp_path)
    before = warehouse(current, "from publication.main.pub_bees order by all")
    monkeypatch.setattr(dbt_bridge, "DBT", program(tmp_path / "dbt", "kill -9 $$"))
    [said] = went_wrong(current, tmp_path)
    assert said.startswith("dbt ended with code -9 and without results")
    assert warehouse(current, "from publication.main.pub_bees order by all") == before


def test_a_schema_that_lies_elsewhere_is_told_and_nothing_shown(current, tmp_path) -> None:
    built(current, tmp_path)
    elsewhere = replace(current, cluster=replace(current.cluster, files=tmp_path / "others"))
    [said] = went_wrong(elsewhere, tmp_path)
    assert said.startswith(f"the cluster built contracts.bees, but not in {tmp_path / 'others'}")


def test_a_cluster_that_is_not_there_is_told_in_a_sentence(current) -> None:
    nobody = replace(current, cluster=replace(current.cluster, remote="sc://127.0.0.1:1"))
    with pytest.raises(NoCluster, match=r"no Spark Connect server answers at 127.0.0.1:1 \(Conn"):
        next(iter(on_cluster.building(nobody, {}, set()).gen))


def test_what_is_forgotten_is_in_no_file(current, tmp_path) -> None:
    built(current, tmp_path)
    assert [*current.cluster.files.rglob("*.parquet")]
    assert on_cluster.forget(current)
    assert not [*current.cluster.files.rglob("*")]
    assert warehouse(current, "select view_name from duckdb_views() where view_name = 'bees'") == []
    assert built(current, tmp_path)["bees"]["dagster/row_count"].value >= 3
