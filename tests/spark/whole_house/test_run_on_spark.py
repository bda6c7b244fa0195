"""`ax run` with dbt on a cluster, whole: what it publishes is what a run on DuckDB publishes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.spark import parity
from tests.spark.cluster import Cluster
from tests.spark.conftest import emptied
from tests.whole_house.conftest import ROOT, House

pytestmark = [pytest.mark.spark, pytest.mark.proof]

# They tell of the loads themselves, and when those were.
OF_THE_LOADS = {"pub_source_health", "pub_sources"}
SHAPE = """
select table_name, column_name, data_type, comment from duckdb_columns()
where database_name = current_database() order by table_name, column_index
"""


@pytest.fixture(scope="module")
def house(small: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """What a run on DuckDB left, in a folder of its own: the same raw, persons and clock."""
    copy = tmp_path_factory.mktemp("on_spark") / "data"
    shutil.copytree(small.data, copy, symlinks=True)
    return House(copy)


def ax(house: House, cluster: Cluster, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "orchestration", *words],
        cwd=ROOT,
        env={
            **house.environment,
            "AX_TARGET": "spark",
            "SPARK_REMOTE": cluster.remote,
            "AX_SPARK_FILES": str(house.data.parent / "files"),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_a_run_on_a_cluster_publishes_the_same(
    small: House, house: House, cluster: Cluster
) -> None:
    emptied(cluster)
    assert re.search(r"\b(\d+) of \1 models and registries are built", ax(house, cluster, "run"))
    assert house.published(SHAPE) == small.published(SHAPE)

    tables = {row[0] for row in small.published(SHAPE)} - OF_THE_LOADS
    served = Path("published") / "marts.duckdb"
    with duckdb.connect() as db:
        for name, of in (("publication", small), ("spark", house)):
            db.execute(f"attach '{of.data / served}' as {name} (read_only)")
        for table in sorted(tables):
            on_spark = house.data.parent / "files" / "built" / "main" / table
            found = parity.Table("publication", "main", table, on_spark)
            assert parity.difference(db, found) is None, table
            assert (
                parity.rows(db, found)
                == db.execute(f"select count(*) from spark.main.{table}").fetchall()[0][0]
            )

    assert "nothing is new since the last publication" in ax(house, cluster, "run")
    # It was built on the cluster and is read where it lies.
    assert (
        house.warehouse("select 1 from duckdb_tables() where table_name = 'fct_metric_values'")
        == []
    )
    assert house.warehouse("select count(*) > 0 from marts.fct_metric_values") == [(True,)]


def test_who_is_forgotten_is_in_no_file_of_the_cluster(house: House, cluster: Cluster) -> None:
    ((email,),) = house.warehouse("select min(lower(email)) from raw_hubspot.contacts")
    assert "erased" in ax(house, cluster, "forget", "--email", email)
    assert [*(house.data.parent / "files").rglob("*.parquet")] == []
