"""Whether Spark made what DuckDB made: DuckDB reads Spark's Parquet and compares row for row.

Rows are compared whole, in no order; a double may differ by 1e-9 of itself, for sums depend on the
order in which rows come. Nothing is left out but numbers that only join (`KEYS`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose
from pathlib import Path
from typing import Any

import duckdb

# Hashes by which rows are joined within a build: each engine has its own function, and no row of
# them leaves `int_`. What is joined by them is compared.
KEYS = {"series_key", "anchor_key", "group_key"}
TOLERANCE = 1e-9
FLOATS = ("DOUBLE", "FLOAT", "DECIMAL")


@dataclass(frozen=True)
class Table:
    """A table of both engines, as DuckDB sees it: database, schema and name, and Spark's files."""

    database: str
    schema: str
    name: str
    files: Path

    @property
    def here(self) -> str:
        return f'"{self.database}"."{self.schema}"."{self.name}"'

    @property
    def there(self) -> str:
        return f"read_parquet('{self.files}/*.parquet')"


def reader(house: Path) -> duckdb.DuckDBPyConnection:
    """Open what DuckDB built, to be read beside Spark's files."""
    db = duckdb.connect()
    db.execute("set TimeZone = 'UTC'")
    for name in ("warehouse", "publication"):
        db.execute(f"attach '{house}/warehouse/{name}.duckdb' as {name} (read_only)")
    return db


def difference(db: duckdb.DuckDBPyConnection, table: Table) -> str | None:
    """Say in what a table differs, None where it does not."""
    if not any(table.files.glob("*.parquet")):
        return "Spark has no file"
    columns = _columns(db, f"from {table.here}")
    missing = columns.keys() ^ _columns(db, f"from {table.there}").keys()
    if missing:
        return f"columns {sorted(missing)} are on one side only"
    counts = [_count(db, side) for side in (table.here, table.there)]
    if counts[0] != counts[1]:
        return f"DuckDB has {counts[0]} rows, Spark {counts[1]}"
    kept = {name: kind for name, kind in columns.items() if name not in KEYS}
    shown = {side: _shown(db, kept, side) for side in (table.here, table.there)}
    here, there = (_unlike(db, kept, shown[a], shown[b]) for a, b in _both_ways(table))
    return _first_difference(list(kept), here, there)


def rows(db: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Return how many rows DuckDB has."""
    return _count(db, table.here)


def _both_ways(table: Table) -> tuple[tuple[str, str], tuple[str, str]]:
    return (table.here, table.there), (table.there, table.here)


def _columns(db: duckdb.DuckDBPyConnection, query: str) -> dict[str, str]:
    return {name.lower(): kind for name, kind, *_ in db.execute(f"describe {query}").fetchall()}


def _count(db: duckdb.DuckDBPyConnection, side: str) -> int:
    found = db.execute(f"select count(*) from {side}").fetchone()
    return int(found[0]) if found else 0


def _value(name: str, kind: str, kept_as: str) -> str:
    """A column in DuckDB's own type; a list as a set of its values, JSON without its blanks."""
    if kind.startswith(FLOATS):
        return f"printf('%.9e', cast(\"{name}\" as double) + 0.0)"
    if kind.endswith("[]"):
        return f'cast(list_sort(cast("{name}" as {kind})) as varchar)'
    if kind == "JSON":
        return f'cast(json("{name}") as varchar)'
    if kind == "INTERVAL":
        # Parquet has none of Spark's: it is a number of microseconds there.
        return f'"{name}"' if kept_as == "BIGINT" else f'epoch_us("{name}")'
    return f'cast("{name}" as {kind.removesuffix(" WITH TIME ZONE")})'


def _shown(db: duckdb.DuckDBPyConnection, columns: dict[str, str], side: str) -> str:
    own = _columns(db, f"from {side}")
    values = ", ".join(_value(name, kind, own[name]) for name, kind in columns.items())
    return f"select {values} from {side}"


def _unlike(
    db: duckdb.DuckDBPyConnection, columns: dict[str, str], one: str, other: str
) -> list[tuple[Any, ...]]:
    """Return the rows of one side that the other has not to nine digits, in an order of their own."""
    found = db.execute(f"{one} except all {other}")
    floats = [kind.startswith(FLOATS) for kind in columns.values()]
    read = [
        tuple(
            float(v) if is_float and v is not None else v
            for v, is_float in zip(row, floats, strict=True)
        )
        for row in found.fetchall()
    ]
    # By what is exact first: a last digit must not change which rows are laid beside one another.
    return sorted(
        read,
        key=lambda row: (
            repr([v for v, is_float in zip(row, floats, strict=True) if not is_float]),
            [
                -1e300 if v is None else v
                for v, is_float in zip(row, floats, strict=True)
                if is_float
            ],
        ),
    )


def _first_difference(
    names: Sequence[str], here: list[tuple[Any, ...]], there: list[tuple[Any, ...]]
) -> str | None:
    if len(here) != len(there):
        return f"{len(here)} rows of DuckDB and {len(there)} of Spark have no equal"
    for one, other in zip(here, there, strict=True):
        for name, a, b in zip(names, one, other, strict=True):
            if not _alike(a, b):
                return f"{name}: DuckDB {a!r}, Spark {b!r}; {len(here)} rows have no exact equal"
    return None


def _alike(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(a == b)
