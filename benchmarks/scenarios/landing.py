"""Bulk through the connector `files` into raw: a CSV file and a Parquet file.

Timed from the start of a load to its ledger: load id, content hash, judgement of every cell, the
package before the raw door, the merge by key. `benchmarks.bulk` has PostgreSQL and changed rows.
"""

import os
import shutil
from functools import partial
from pathlib import Path

import duckdb

from benchmarks.bulk import AS_OF, MAPPING, ORDERS
from benchmarks.scenario import Reach, Scenario, Timed

OPTIONS = {"csv": "(header)", "parquet": "(format parquet)"}


def files(kind: str, folder: Path, size: int) -> None:
    """Write a file of orders, and the mapping under which it is read."""
    house = folder / kind
    for name in ("inbox", "mappings"):
        (house / name).mkdir(parents=True)
    (house / "mappings" / "bulk.yml").write_text(f"match: orders.{kind}{MAPPING}")
    file = house / "inbox" / f"orders.{kind}"
    duckdb.execute(f"copy ({ORDERS.format(rows=size)}) to '{file}' {OPTIONS[kind]}")


def landed(kind: str, folder: Path, size: int) -> Timed:
    """Have everything imported that a run has, and nothing landed; then load the file."""
    from ingestion.connector import discover
    from ingestion.pipeline import Landing, load

    house = folder / kind
    os.environ["SOURCES__FILES__INBOX"] = str(house / "inbox")
    shutil.rmtree(house / "work", ignore_errors=True)
    for left in house.glob("warehouse.duckdb*"):
        left.unlink()
    landing = Landing(house / "warehouse.duckdb", house / "work", AS_OF)
    connector = discover()["files"]

    def timed() -> None:
        loaded = load(connector, landing, lambda *_: [])
        if loaded.problem or loaded.touched < size:
            raise RuntimeError(loaded.problem or f"{loaded.touched} of {size} rows came")

    return timed


def copied(kind: str, folder: Path, size: int) -> Timed:
    """Let DuckDB make a table of the file in a new database."""
    bare = folder / "bare.duckdb"
    bare.unlink(missing_ok=True)

    def timed() -> None:
        with duckdb.connect(str(bare)) as db:
            db.execute(f"create table orders as from '{folder / kind}/inbox/orders.{kind}'")
            db.execute("checkpoint")

    return timed


SCENARIOS = [
    Scenario(
        name=f"landing_{kind}",
        does=f"a {title} file landed in raw by its connector",
        ours=partial(landed, kind),
        beside="DuckDB's CREATE TABLE AS from the file",
        yardstick=partial(copied, kind),
        reach=Reach(2),
        prepare=partial(files, kind),
        size=1_000_000,
        of="rows",
    )
    for kind, title in (("csv", "CSV"), ("parquet", "Parquet"))
]
