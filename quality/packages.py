"""A load package as relations of DuckDB, stream by stream, beside what raw knows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from storage.sql import quoted


def known_tables(db: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    """Return the raw relation of each table of a source that exists."""
    rows = db.execute(
        "select distinct table_name from duckdb_columns() where schema_name = ?",
        [f"raw_{source}"],
    )
    return {name: f"raw_{source}.{name}" for (name,) in rows.fetchall()}


def streams(
    db: duckdb.DuckDBPyConnection, table: Any, file: Path, past: str | None
) -> Iterator[tuple[str | None, str, str | None]]:
    """Yield stream, what came and what is known, as relations; one where there is no stream."""
    package = f"read_parquet({literal(str(file))})"
    if not table.stream:
        yield None, package, past
        return
    names = db.execute(f'select distinct "{table.stream}" from {package} order by 1').fetchall()
    for (name,) in names:
        where = f'where "{table.stream}" is not distinct from {literal(name)}'
        yield name, f"(from {package} {where})", past and f"(from {past} {where})"


def literal(text: str | None) -> str:
    """Return a text as it is written in SQL."""
    return "null" if text is None else quoted(text)
