"""One real cluster for all tests here; without what it needs, they are skipped by name."""

import os
import subprocess
from collections.abc import Callable, Iterator

import pytest

from orchestration.project import DBT
from tests.spark import cluster as clusters
from tests.spark.cluster import Cluster
from tests.whole_house.conftest import ROOT, House, small_sandbox


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Master, two workers and a Connect server; ended by their ids."""
    if lacks := clusters.missing():
        pytest.skip(lacks)
    with clusters.running(tmp_path_factory.mktemp("spark")) as running:
        yield running


def emptied(cluster: Cluster) -> Cluster:
    """Return the cluster without a schema: each lies in the folder of the house that made it."""
    for name, *_ in cluster.session.sql("show schemas").collect():
        if name != "default":
            cluster.session.sql(f"drop schema {name} cascade")
    return cluster


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A small sandbox after its first run on DuckDB."""
    house = small_sandbox(tmp_path_factory.mktemp("small") / "data")
    house.green("run")
    return house


@pytest.fixture(scope="session")
def dbt(cluster: Cluster) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run dbt on the cluster, with the keys of a house and a lake beside it."""

    def run(house: House, *words: str) -> "subprocess.CompletedProcess[str]":
        made = house.data.parent / "spark"
        return subprocess.run(
            [DBT, "--no-use-colors", *words, "--target", "spark"],
            cwd=ROOT / "dbt_project",
            env={
                **house.environment,
                "AX_DATA_DIR": str(made),
                "AX_KEYS_DIR": str(house.data / "keys"),
                "DBT_TARGET_PATH": str(made / "dbt"),
                "DBT_LOG_PATH": str(made / "logs"),
                "DO_NOT_TRACK": "1",
                "SPARK_REMOTE": cluster.remote,
                "AX_SPARK_FILES": str(made / "lake"),
                "PATH": os.environ["PATH"],
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run
