"""How many rows relations have, and what tells one from the same one changed."""

from collections.abc import Iterable
from typing import Any

import duckdb

LOADED = "_dlt_load_id"  # the load that brought a row of raw


def rows_of(db: duckdb.DuckDBPyConnection, relations: Iterable[str]) -> dict[str, int]:
    """Return the rows of each relation.

    Counted and not looked up: what DuckDB's catalogue estimates still holds deleted rows.
    """
    counts = [f"select '{name}', count(*) from {name}" for name in relations]
    return dict(db.execute(" union all ".join(counts)).fetchall()) if counts else {}


def arrival_of(db: duckdb.DuckDBPyConnection, relation: str) -> tuple[Any, ...]:
    """Return how many rows a raw table has, and the last load that brought any."""
    return db.execute(f"select count(*), max({LOADED}) from {relation}").fetchall()[0]


def content_of(db: duckdb.DuckDBPyConnection, relation: str) -> tuple[Any, ...]:
    """Return how many rows a relation has and two sums of their hashes, whatever their order."""
    return db.execute(
        f"select count(*), bit_xor(hash(row)), sum(hash(row)) from {relation} as row"
    ).fetchall()[0]
