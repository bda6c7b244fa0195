"""What is handed to a cluster and what is shown of what it made, with no cluster: files are files."""

import os
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import NotACluster, NotForTables
from orchestration.settings import read
from storage import Cluster
from storage.cluster import KEPT
from storage.errors import NoCluster, NoExtension

MOMENT = "timestamptz '2026-06-30 23:59:59.5+00'"


@pytest.fixture
def db():
    with duckdb.connect() as opened:
        opened.execute("set TimeZone = 'UTC'; create schema raw_bees")
        opened.execute(f"create table raw_bees.things as select 1::bigint as id, {MOMENT} as at")
        yield opened


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    return Cluster("sc://127.0.0.1:1", tmp_path / "files")


def test_a_table_is_written_out_once_for_each_look(db, cluster) -> None:
    table = ("raw_bees", "things")
    rows = cluster.files / "raw_bees" / "things" / "rows.parquet"
    assert cluster.hand(db, table, "1 row")
    assert not cluster.hand(db, table, "1 row")

    db.execute("insert into raw_bees.things values (2, null)")
    assert cluster.hand(db, table, "2 rows")
    assert db.execute(f"select list(id order by id) from '{rows}'").fetchall() == [([1, 2],)]


def test_who_was_broken_off_left_the_former_rows(db, cluster) -> None:
    table = ("raw_bees", "things")
    cluster.hand(db, table, "1 row")
    db.execute("create or replace view raw_bees.broken as select error('no disk') as id")
    with pytest.raises(duckdb.Error):
        cluster.hand(db, ("raw_bees", "broken"), "x")
    assert not (cluster.files / "raw_bees" / "broken").exists()
    assert not cluster.hand(db, table, "1 row")


def test_what_was_made_has_the_types_that_are_promised(db, cluster) -> None:
    folder = cluster.files / "built" / "marts" / "bees"
    folder.mkdir(parents=True)
    db.execute(
        f"copy (select 1::integer as size, {MOMENT} as seen_at, 2.50::decimal(4, 2) as share) "
        f"to '{folder}/part-0.parquet'"
    )
    query = cluster.made(db, ("marts", "bees"), {"size": "bigint", "share": "double"})
    assert [(n, k) for n, k, *_ in db.execute(f"describe {query}").fetchall()] == [
        ("size", "BIGINT"), ("seen_at", "TIMESTAMP"), ("share", "DOUBLE")
    ]  # fmt: skip
    assert db.execute(f"select seen_at::varchar from ({query})").fetchall() == [
        ("2026-06-30 23:59:59.5",)
    ]
    assert cluster.made(db, ("marts", "wasps"), {}) is None


def test_a_folder_is_read_by_its_name_whatever_stands_in_it(db, tmp_path) -> None:
    cluster = Cluster("sc://127.0.0.1:1", tmp_path / "env=prod" / "Ann's files")
    assert cluster.hand(db, ("raw_bees", "things"), "1 row")
    handed = cluster.files / "raw_bees" / "things"
    made = cluster.files / "built" / "raw_bees"
    made.mkdir(parents=True)
    handed.rename(made / "things")
    query = cluster.made(db, ("raw_bees", "things"), {})
    assert [n for n, *_ in db.execute(f"describe {query}").fetchall()] == ["id", "at"]


def test_nothing_is_left_of_what_is_forgotten(db, cluster) -> None:
    cluster.hand(db, ("raw_bees", "things"), "1 row")
    assert [folder.name for folder in cluster.forget()] == ["raw_bees"]
    assert [*cluster.files.iterdir()] == []
    assert cluster.forget() == []


def test_what_somebody_else_keeps_there_is_not_deleted(db, cluster) -> None:
    cluster.hand(db, ("raw_bees", "things"), "1 row")
    cluster.hand(db, ("raw_bees", "things"), "1 row", KEPT)
    (cluster.files / "theirs" / "letters").mkdir(parents=True)
    (cluster.files / "notes.txt").write_text("mine")
    assert [folder.name for folder in cluster.forget()] == [KEPT, "raw_bees"]
    assert sorted(each.name for each in cluster.files.iterdir()) == ["notes.txt", "theirs"]


def test_what_the_warehouse_no_longer_has_is_withdrawn(db, cluster) -> None:
    cluster.hand(db, ("raw_bees", "things"), "1 row", KEPT)
    cluster.withdraw(("raw_bees", "things"), KEPT)
    cluster.withdraw(("raw_bees", "never"))
    assert [*cluster.files.rglob("*.parquet")] == []


def test_a_token_in_the_address_is_told_to_nobody(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("storage.cluster.find_spec", lambda name: name)
    there = Cluster("sc://127.0.0.1:1/;token=secret;x=1", tmp_path)
    with pytest.raises(NoCluster) as told:
        there.answers()
    assert "at 127.0.0.1:1 (" in str(told.value)
    assert "secret" not in f"{told.value} {there}"


def test_a_cluster_without_its_package_is_told(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("storage.cluster.find_spec", lambda name: None)
    with pytest.raises(NoExtension, match=r"target spark needs the package pyspark; .*\[spark\]"):
        Cluster("sc://127.0.0.1:1", tmp_path).answers()


@pytest.mark.parametrize(("files", "lake"), [("", ""), ("..", ""), ("files", "files/lake")])
def test_the_folder_of_the_cluster_is_for_its_tables_alone(files, lake, tmp_path) -> None:
    environ = {
        "AX_DATA_DIR": str(tmp_path / "data"), "AX_TARGET": "spark", "SPARK_REMOTE": "sc://here",
        "AX_SPARK_FILES": os.path.normpath(tmp_path / "data" / files),
    }  # fmt: skip
    if lake:
        environ |= {
            "AX_LAKE_CATALOG": "postgresql://ax@here/lake",
            "AX_LAKE_FILES": str(tmp_path / "data" / lake),
        }
    with pytest.raises(NotForTables, match="name a folder for the tables of the cluster alone"):
        read(environ)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"SPARK_REMOTE": "sc://here:15002"},
        {"SPARK_REMOTE": "http://here", "AX_SPARK_FILES": "/files"},
        {"SPARK_REMOTE": "sc://here", "AX_SPARK_FILES": "s3://bucket"},
    ],
)
def test_a_cluster_is_named_whole_or_not_at_all(said, tmp_path) -> None:
    environ = {"AX_DATA_DIR": str(tmp_path), "AX_TARGET": "spark", **said}
    with pytest.raises(NotACluster, match=r"needs SPARK_REMOTE \(sc://host:port.* AX_SPARK_FILES"):
        read(environ)


def test_dbt_sees_tables_in_the_file_and_builds_on_the_cluster(tmp_path) -> None:
    environ = {"AX_DATA_DIR": str(tmp_path), "AX_TARGET": "spark",
               "SPARK_REMOTE": "sc://here:15002", "AX_SPARK_FILES": str(tmp_path / "files")}  # fmt: skip
    current = read(environ)
    assert current.environment["AX_DBT_TARGET"] == "duckdb"
    assert current.environment.items() >= {
        "SPARK_REMOTE": "sc://here:15002", "AX_SPARK_FILES": str(tmp_path / "files")
    }.items()  # fmt: skip
    assert current.warehouse == tmp_path / "warehouse" / "warehouse.duckdb"
