"""Who is who of a whole house: groups that a cluster finds give the bindings that one machine gives."""

import shutil
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import duckdb
import pytest

from identity import resolve, rounds
from storage import Cluster as Address
from tests.spark.cluster import Cluster
from tests.whole_house.conftest import House

pytestmark = pytest.mark.spark

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
on = rounds.on


def test_who_is_who_is_the_same_where_the_cluster_finds_the_groups(
    small: House, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = Address(cluster.remote, tmp_path / "groups")
    here, there = tmp_path / "here.duckdb", tmp_path / "there.duckdb"
    for warehouse in (here, there):
        shutil.copy(small.data / "warehouse" / "warehouse.duckdb", warehouse)
        with duckdb.connect(str(warehouse)) as db:
            db.execute("drop schema identity cascade")
    resolve(here, AS_OF, map(str, count()))
    monkeypatch.setattr(rounds, "WORTH", 0)
    asked = []
    monkeypatch.setattr(rounds, "on", lambda cluster: asked.append(cluster) or on(cluster))
    resolve(there, AS_OF, map(str, count()), address)

    assert asked == [address, address]  # of organisations, and of persons
    assert (found := bindings(here)) == bindings(there)
    assert len(found) > 1_000


def bindings(warehouse: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as db:
        return [
            row
            for table in ("account_persons", "account_organisations")
            for row in db.execute(f"select * from identity.{table} order by all").fetchall()
        ]
