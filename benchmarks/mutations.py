"""The mutation bench: clean days raise no alarm, faults are caught before anything is published.

The sandbox's days are taken on tape and held against the raw door; then one more day is read from
its emulators, and each fault is laid over the package of a source as if its vendor had sent it so.
`python -m benchmarks.mutations FOLDER` writes `results/mutations.json`.
"""

import argparse
import copy
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.faults import LEAST_ROWS, Mutant, Sent, draw
from benchmarks.tape import Tape, play, record
from ingestion.connector import Connector, discover
from ingestion.landing import Tally
from ingestion.pipeline import Extracted, Landing, connect, package_files
from ingestion.sandbox import state
from ingestion.sandbox.inbox import write_inbox
from ingestion.sandbox.snapshot import Current
from orchestration.declarations import declarations
from orchestration.sandbox import addresses, serving
from orchestration.settings import Settings, clock, lent, settings
from quality.raw_door import raw_door

RESULTS = Path(__file__).parent / "results" / "mutations.json"
WARM_UP, CLEAN = 10, 30
HELD_OUT = 20_261


class Verdict(Exception):
    """What the door found; raised in its place, so that nothing is loaded."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__("; ".join(findings))
        self.findings = list(findings)


@dataclass(frozen=True, slots=True)
class Asked:
    """A package as it was read, kept so that each fault begins from it, and what came of it."""

    extracted: Extracted
    kept: Path
    sent: Sequence[Sent]


def main() -> None:
    """Record the days, hold the door against them and against faults, write what became of each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--world", type=int, default=HELD_OUT, help="seed of the sandbox's people")
    parser.add_argument("--seed", type=int, default=HELD_OUT, help="seed of the faults")
    parser.add_argument("--days", type=int, default=WARM_UP + CLEAN)
    parser.add_argument("--out", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    os.environ["AX_DATA_DIR"] = str(chosen.folder.absolute())
    if not state.exists(chosen.folder):
        state.write(chosen.folder, state.State(chosen.people, chosen.world))
    current, world = settings(), state.read(chosen.folder)
    on = [discover()[name] for name in current.sources]
    tape, played = Tape(chosen.folder / "tape"), chosen.folder / "played.duckdb"
    with serving(current) as port, lent(declarations(current)), lent(addresses(on, port)):
        record(current, on, tape, chosen.days)
        days = list(play(on, tape, played))
        take_over(played, current.warehouse)
        alarms, asked = ask_all(current, on)
        mutants = list(try_mutants(current, asked, chosen.seed))
    days.append({"day": f"{clock(current):%Y-%m-%d}", "alarms": alarms})
    found = {
        "people": world.people,
        "world": world.seed,
        "seed": chosen.seed,
        **summary(days, mutants),
        "alarms": [day for day in days if day["alarms"]],
    }
    chosen.out.write_text(json.dumps({**found, "mutants_one_by_one": mutants}, indent=1) + "\n")
    print(json.dumps(found, indent=1))


def take_over(played: Path, warehouse: Path) -> None:
    """Give a warehouse the habits that a door found when the days were played to it."""
    with connect(warehouse) as db:
        db.execute(f"attach '{played}' as played (read_only)")
        db.execute("delete from ops.load_profiles")
        db.execute("insert into ops.load_profiles from played.ops.load_profiles")


def ask_all(current: Settings, on: Sequence[Connector]) -> tuple[list[str], dict[str, Asked]]:
    """Read one more day of each source; return the alarms it raises, and those that raise none."""
    write_inbox(Current(current.data)(), current.inbox)
    landing = Landing(current.warehouse, current.work, clock(current))
    asked = {one.name: ask(landing, one) for one in on}
    found = {name: judged(landing, package, None)[0] for name, package in asked.items()}
    alarms = [f"{name}: {finding}" for name, findings in found.items() for finding in findings]
    return alarms, {name: package for name, package in asked.items() if not found[name]}


def try_mutants(
    current: Settings, asked: Mapping[str, Asked], seed: int
) -> Iterator[dict[str, Any]]:
    """Yield what became of each fault."""
    landing = Landing(current.warehouse, current.work, clock(current))
    # Files of a package come in no order of their own, and a seed must draw the same faults again.
    sent = sorted(
        (one for package in asked.values() for one in package.sent),
        key=lambda one: (one.source, one.table.name),
    )
    for mutant in draw(sent, seed, lambda one, column: known_values(current, one, column)):
        start = time.process_time()
        findings, changed = judged(landing, asked[mutant.source], mutant)
        outcome = "equivalent" if not changed else "caught" if findings else "missed"
        yield {
            "kind": mutant.kind, "source": mutant.source, "table": mutant.table,
            "what": mutant.what, "rows": changed, "outcome": outcome,
            "caught_by": "raw door" if findings else None,
            "finding": findings[0] if findings else None,
            "seconds": round(time.process_time() - start, 1),
        }  # fmt: skip


def ask(landing: Landing, connector: Connector) -> Asked:
    """Read one more day of a source and keep its package."""
    extracted = landing.extract(connector)
    kept = landing.work / f"{connector.name}.kept"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(Path(extracted.pipeline.working_dir) / "load", kept)
    return Asked(extracted, kept, list(sent_of(extracted)))


def sent_of(extracted: Extracted) -> Iterator[Sent]:
    """Yield the tables of which enough living rows came, be they known or not."""
    for name, files in package_files(extracted.pipeline).items():
        tables = [t for t in extracted.connector.tables if t.name == name]
        for table in tables:
            rows = duckdb.execute(
                "select count(*) from read_parquet(?) where _deleted_reason is null",
                [[str(file) for file in files]],
            ).fetchall()[0][0]
            if rows >= LEAST_ROWS:
                yield Sent(extracted.connector.name, table, rows)


def known_values(current: Settings, one: Sent, column: str) -> list[str]:
    """Return the values of a text column, where they are few."""
    with connect(current.warehouse) as db:
        rows = db.execute(
            f'select distinct "{column}" from raw_{one.source}.{one.table.name} '
            f'where "{column}" is not null order by 1 limit 21'
        ).fetchall()
    return [value for (value,) in rows] if len(rows) <= 20 else []


def judged(landing: Landing, package: Asked, mutant: Mutant | None) -> tuple[list[str], int]:
    """Return what the raw door finds about a package with a fault, and in how many rows it is."""
    pipeline = package.extracted.pipeline
    folder = Path(pipeline.working_dir) / "load"
    shutil.rmtree(folder)
    shutil.copytree(package.kept, folder)
    tallies = copy.deepcopy(dict(package.extracted.tallies))
    changed = 0
    if mutant:
        landing = replace(landing, as_of=landing.as_of + timedelta(days=mutant.days))
        files = package_files(pipeline)
        for name in files if mutant.table == "*" else [mutant.table]:
            if name in tallies:
                changed += lay(mutant, tallies[name], files[name], landing.as_of)
    door = raw_door(landing.warehouse)

    def say(
        connector: Connector,
        package: Mapping[str, Path],
        listed: Mapping[str, Any],
        as_of: datetime,
        counts: Sequence[Any],
    ) -> list[str]:
        # Most faults show where they lie; the tables beside are asked only of one that does not.
        own = [count for count in counts if mutant and count.table == mutant.table]
        found = door(connector, package, listed, as_of, own) if own else []
        raise Verdict(found or door(connector, package, listed, as_of, counts))

    try:
        landing.settle(replace(package.extracted, tallies=tallies), say)
    except Verdict as verdict:
        return verdict.findings, changed
    raise AssertionError("the door was not asked")


def lay(mutant: Mutant, tally: Tally, files: Sequence[Path], as_of: datetime) -> int:
    """Rewrite the files of a table with a fault in them; return how many rows it touches."""
    table = tally.table
    keep = mutant.keep
    if mutant.days:
        last = (as_of - timedelta(days=mutant.days + 1)).isoformat()
        keep = f"\"{table.time}\" <= timestamptz '{last}'" if table.time else "true"
    with duckdb.connect() as db:
        db.execute("set TimeZone = 'UTC'")
        paths = [str(file) for file in files]
        db.execute("create table came as from read_parquet(?)", [paths])
        db.execute(
            f"create table sent as select {_changed(db, mutant.columns)} from came where {keep}"
        )
        if mutant.again is not None:
            db.execute(f"insert into sent select {_changed(db, mutant.again)} from came")
        before, after = _count(db, "came"), _count(db, "sent")
        touched = _count(db, "(from sent anti join came using (_content_hash))")
        living = _count(db, "(from sent where _deleted_reason is null)")
        tally.living += living - _count(db, "(from came where _deleted_reason is null)")
        tally.extracted += after - before
        for file in files[1:]:
            file.unlink()
        db.execute(f"copy sent to '{files[0]}' (format parquet)")
    return int(touched + max(0, before - after))


def _changed(db: duckdb.DuckDBPyConnection, columns: Mapping[str, str]) -> str:
    """Return SQL for rows with columns replaced; a row that really differs has another hash."""
    types = {row[0]: row[1] for row in db.execute("describe came").fetchall()}
    casts = {name: f"cast({sql} as {types[name]})" for name, sql in columns.items()}
    same = " and ".join(f'{sql} is not distinct from "{name}"' for name, sql in casts.items())
    hashed = f"case when {same or 'true'} then _content_hash else md5(_content_hash || 'x') end"
    parts = [f'{sql} as "{name}"' for name, sql in casts.items()]
    return f"* replace ({', '.join([*parts, f'{hashed} as _content_hash'])})"


def _count(db: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(db.execute(f"select count(*) from {relation}").fetchall()[0][0])


def summary(
    days: Sequence[Mapping[str, Any]], mutants: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the figures: alarms of the clean days, and what was caught, by kind."""
    clean = days[-CLEAN:]
    by_kind: dict[str, Counter[str]] = {}
    for one in mutants:
        by_kind.setdefault(one["kind"], Counter())[one["outcome"]] += 1
    all_ = sum(by_kind.values(), Counter())
    return {
        "clean_days": len(clean),
        "clean_days_with_alarm": sum(bool(day["alarms"]) for day in clean),
        "warm_up_days": len(days) - CLEAN,
        "warm_up_alarms": sum(bool(day["alarms"]) for day in days[:-CLEAN]),
        "mutants": dict(all_),
        "caught_share": round(all_["caught"] / max(1, all_["caught"] + all_["missed"]), 4),
        "by_kind": {kind: dict(counts) for kind, counts in by_kind.items()},
    }


if __name__ == "__main__":
    main()
