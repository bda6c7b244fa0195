"""The warehouse opened, wherever it lies."""

from pathlib import Path

import duckdb

from storage import lake
from storage.lake import NAME, Lake

Warehouse = Path | Lake


def opened(warehouse: Warehouse) -> duckdb.DuckDBPyConnection:
    """Return a connection to the warehouse, in UTC; its owner closes it."""
    db = lake.opened(warehouse) if isinstance(warehouse, Lake) else duckdb.connect(str(warehouse))
    db.execute("set TimeZone = 'UTC'")
    return db


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
