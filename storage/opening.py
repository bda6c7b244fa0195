"""The warehouse opened, wherever it lies."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from storage import lake
from storage.lake import NAME, Lake
from storage.sql import quoted

Warehouse = Path | Lake
# Of a file that is made here; it keeps it, whoever opens it. Texts are written in two thirds of the
# time that DuckDB's own choice takes, which versions before 1.3 can read, too (decision 32).
FORMAT = "v1.3.0"


@contextmanager
def opened(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection to the warehouse, in UTC, and close it."""
    with lake.opened(warehouse) if isinstance(warehouse, Lake) else _file(warehouse) as db:
        db.execute("set TimeZone = 'UTC'")
        try:
            yield db
        except BaseException:
            # Of a query that Ctrl-C ended DuckDB's threads go on, and to close waits for them.
            db.interrupt()
            raise


def _file(file: Path) -> duckdb.DuckDBPyConnection:
    if not file.exists():
        with duckdb.connect() as db:
            db.execute(f"attach {quoted(str(file))} as made (storage_version '{FORMAT}')")
    return duckdb.connect(str(file))


def attach(db: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> None:
    """Show the warehouse in a connection to something else, to be read."""
    if isinstance(warehouse, Lake):
        lake.attach(db, warehouse, NAME, read_only=True)
    else:
        db.execute(f"attach '{warehouse}' as {NAME} (read_only)")


def has(db: duckdb.DuckDBPyConnection, relation: str) -> bool:
    """Say whether the warehouse has a relation `schema.name`.

    Asked by columns: of a lake's tables DuckDB would count all rows first.
    """
    found = db.execute(
        "select 1 from duckdb_columns() where database_name = current_database() "
        "and schema_name || '.' || table_name = ? limit 1",
        [relation],
    )
    return found.fetchone() is not None
