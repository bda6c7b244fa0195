"""A writer, a reader or a loader of a lake, a process of its own; started by `test_at_once.py`."""

import json
import sys
from pathlib import Path

import duckdb

from storage import Lake, opened, turn

BATCHES, ROWS = 4, 500
LOADED = 50


def write(lake: Lake, number: int) -> dict[str, int]:
    """Add batches, each with what it adds to the sum of all, and make tables, as a build does."""
    for batch in range(BATCHES):
        with turn(lake), opened(lake) as db:
            db.begin()
            first = (number * BATCHES + batch) * ROWS
            db.execute(
                f"insert into marts.rows select {number}, {batch}, range from "
                f"range({first}, {first + ROWS})"
            )
            db.execute(f"update marts.sums set rows = rows + {ROWS}")
            db.execute(f"create or replace table marts.last_{number} as select {batch} as batch")
            db.commit()
    return {"batches": BATCHES}


def read(lake: Lake, done: Path) -> dict[str, int]:
    """Look, until the writers are done, whether what is seen is whole."""
    looks = torn = backwards = seen = 0
    with opened(lake) as db:
        while not done.exists() or not looks:
            db.begin()
            rows, broken = db.execute(
                f"select coalesce(sum(n), 0), count(*) filter (where n <> {ROWS}) from "
                "(select count(*) as n from marts.rows group by writer, batch)"
            ).fetchall()[0]
            [(told,)] = db.execute("select rows from marts.sums").fetchall()
            db.commit()
            looks, torn = looks + 1, torn + (rows != told or broken > 0)
            backwards, seen = backwards + (rows < seen), rows
    return {"looks": looks, "torn": torn, "backwards": backwards}


def bring(lake: Lake, source: str) -> dict[str, int]:
    """Load a source three times, as `ax load` does: land it, make what is missing, set the clock."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from ingestion.pipeline import Landing
    from ingestion.pipeline import load as land
    from orchestration.load import settle_ledger
    from tests.unit.ingestion.test_pipeline import thing, toy

    landing = Landing(lake, Path(lake.files).parent / source, datetime(2026, 6, 30, tzinfo=UTC))
    new = 0
    for day in range(3):
        pages = [[thing(number) for number in range(LOADED * (day + 1))]]
        connector = replace(toy(lambda pages=pages: iter(pages)), name=source)
        done = land(connector, landing, lambda *_: [])
        if done.problem:
            raise duckdb.Error(done.problem)
        new += done.tables[0].new
        with turn(lake):
            settle_ledger(lake, {source: connector}, landing.as_of)
    return {"new": new}


def main(role: str, catalog: str, files: str, said: str) -> None:
    lake = Lake(catalog, files)
    try:
        done = {
            "write": lambda: write(lake, int(said)),
            "read": lambda: read(lake, Path(said)),
            "load": lambda: bring(lake, said),
        }[role]()
    except duckdb.Error as failure:
        done = {"error": str(failure)}
    print(json.dumps(done))


if __name__ == "__main__":
    main(*sys.argv[1:])
