"""The warehouse in a lake, over a real PostgreSQL: names, rows that are gone, and what goes wrong."""

from pathlib import Path

import duckdb
import pytest

from benchmarks.postgres_server import Server
from storage import Lake, attach, has, opened
from storage import lake as lakes_of_the_house
from storage.cleaning import purge, tidy
from storage.errors import NoCatalog, NoExtension, NoFolder
from tests.lakes import catalog, in_catalog

pytestmark = pytest.mark.slow


def test_a_lake_shows_its_schemas_under_the_names_that_a_file_has(
    lake: Lake, tmp_path: Path
) -> None:
    seen = []
    for warehouse in (lake, tmp_path / "warehouse.duckdb"):
        with opened(warehouse) as db:
            db.execute(
                "create schema marts; create table marts.dim_persons as select 1 as person_id"
            )
            db.execute("create view marts.persons as select * from warehouse.marts.dim_persons")
            seen.append(
                db.execute(
                    "select current_database(), current_setting('TimeZone'), persons.* "
                    "from warehouse.marts.persons"
                ).fetchall()
            )
            assert has(db, "marts.dim_persons")
            assert not has(db, "marts.nobody")
        with duckdb.connect() as other:
            attach(other, warehouse)
            assert other.execute("from warehouse.marts.dim_persons").fetchall() == [(1,)]
            with pytest.raises(duckdb.Error, match=r"read-only"):
                other.execute("delete from warehouse.marts.dim_persons")
    assert seen[0] == seen[1] == [("warehouse", "UTC", 1)]


def test_a_lake_is_there_once_something_lies_in_it(lake: Lake) -> None:
    assert not lake.exists()
    with opened(lake) as db:
        db.execute("create table t as select 1 as i")
    assert lake.exists()


def test_small_rows_lie_in_files_too_whoever_wrote_them(lake: Lake, server: Server) -> None:
    with opened(lake) as db:
        db.execute("create table t (name varchar)")
    with (
        duckdb.connect() as db
    ):  # as another program attaches it; the bounds of a column stand in the catalog all the same
        lakes_of_the_house.load_extensions(db)
        db.execute(f"attach 'ducklake:postgres:{lake.catalog}' as it (metadata_schema 'lake')")
        db.execute("insert into it.t values ('a'), ('m-petrova'), ('z')")
    assert in_catalog(server, lake, "petrova") == []
    assert [*Path(lake.files).rglob("*.parquet")]


GONE = "aaa.gone@example.org"  # smaller than all others: also what the catalog knows of the column


def test_what_was_deleted_stands_in_no_file_and_not_in_the_catalog(
    lake: Lake, server: Server
) -> None:
    with opened(lake) as db:
        db.execute(
            "create table t as select 'p' || range || '@example.org' as email from range(100)"
        )
        db.execute(f"insert into t values ('{GONE}')")
        db.execute("create table other as from t limit 3")
        db.execute(f"delete from t where email = '{GONE}'")
    assert in_catalog(server, lake, GONE) != []
    assert _files_with(lake, GONE) != []

    purge(lake)

    assert in_catalog(server, lake, GONE) == []
    assert _files_with(lake, GONE) == []
    with opened(lake) as db:
        assert db.execute("select count(*), min(email) from t").fetchall() == [
            (100, "p0@example.org")
        ]
        assert db.execute("select count(*) from other").fetchall() == [(3,)]


def test_a_tidied_lake_keeps_the_states_of_a_week(lake: Lake) -> None:
    with opened(lake) as db:
        db.execute("create table t as select 1 as i")
        db.execute("create or replace table t as select 2 as i")
    tidy(lake)
    with opened(lake) as db:
        assert len(db.execute("from ducklake_snapshots('warehouse')").fetchall()) > 2
        assert db.execute("from t").fetchall() == [(2,)]


def _files_with(lake: Lake, text: str) -> list[Path]:
    found = []
    for file in Path(lake.files).rglob("*.parquet"):
        with duckdb.connect() as db:
            rows = db.execute(f"select it::varchar from read_parquet('{file}') as it").fetchall()
        if any(text in row for (row,) in rows) or text.encode() in file.read_bytes():
            found.append(file)
    return found


def test_no_server_is_one_sentence_with_the_remedy(tmp_path: Path) -> None:
    nowhere = Lake("postgresql://ax@127.0.0.1:1/lake", str(tmp_path / "files"))
    with (
        pytest.raises(
            NoCatalog, match=r"127.0.0.1:1/lake can not be opened .*refused.* PGPASSWORD"
        ),
        opened(nowhere),
    ):
        pass


def test_a_wrong_password_is_one_sentence_and_not_repeated(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "not-the-one")
    refusal = pytest.raises(NoCatalog, match=r"password authentication failed.* ~/\.pgpass")
    with refusal as refused, opened(lake):
        pass
    assert "not-the-one" not in str(refused.value)


def test_a_database_that_is_not_there_is_named(server: Server, lake: Lake) -> None:
    nowhere = Lake(catalog(server, "nowhere"), lake.files)
    with pytest.raises(NoCatalog, match=r'"nowhere" does not exist'), opened(nowhere):
        pass


def test_a_missing_extra_is_named(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lakes_of_the_house, "EXTENSIONS", ("duckdb_extension_nowhere",))
    refusal = pytest.raises(
        NoExtension, match=r"duckdb-extension-nowhere; install it .*ax-warehouse\[lake\]"
    )
    with refusal, opened(lake):
        pass


def test_a_folder_that_can_not_be_written_is_named(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    below = Lake(lake.catalog, str(tmp_path / "file" / "below"))
    refusal = pytest.raises(NoFolder, match=r"file/below can not be written .* AX_LAKE_FILES")
    with refusal, opened(below):
        pass
