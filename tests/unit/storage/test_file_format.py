"""A warehouse file is made in a format that is written fast, and keeps it; a published one is not."""

from pathlib import Path

import duckdb
import pytest

from privacy.rewrite import duckdb_file
from storage import opened

ROWS = "select 'person-' || i % 5000 as person_id, 'journey-' || i % 7 as journey from range(200000) r(i)"


def _written_by(db: duckdb.DuckDBPyConnection) -> set[str]:
    """Return how the texts of table `people` are compressed."""
    db.execute("checkpoint")
    found = db.execute(
        "select compression from pragma_storage_info('people') where segment_type = 'VARCHAR'"
    )
    return {name for (name,) in found.fetchall()}


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    file = tmp_path / "warehouse.duckdb"
    with opened(file) as db:
        db.execute(f"create table people as {ROWS}")
    return file


def test_texts_of_a_warehouse_are_compressed_in_one_way(warehouse: Path) -> None:
    with opened(warehouse) as db:
        assert _written_by(db) == {"DICT_FSST"}


def test_whoever_else_opens_it_writes_the_same(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse)) as db:  # as dbt does
        db.execute(f"create or replace table people as {ROWS}")
        assert _written_by(db) == {"DICT_FSST"}


def test_it_stays_so_when_it_is_written_anew(warehouse: Path) -> None:
    duckdb_file(warehouse)
    with opened(warehouse) as db:
        assert db.execute("select count(*) from people").fetchone() == (200_000,)
        assert _written_by(db) == {"DICT_FSST"}


def test_a_file_of_another_format_keeps_it(tmp_path: Path) -> None:
    file = tmp_path / "marts.duckdb"
    with duckdb.connect(str(file)) as db:
        db.execute(f"create table people as {ROWS}")
    duckdb_file(file)
    with opened(file) as db:
        assert "DICT_FSST" not in _written_by(db)
