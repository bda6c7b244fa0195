"""Days of the sandbox on tape: what each source sent each day, before anybody judged it.

A day is read from the emulators and loaded once, with a door that lets everything in and keeps a
copy; then any version of the raw door can be held against the same days, without the emulators.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from ingestion import ledger
from ingestion.classification import TableCount
from ingestion.connector import Connector
from ingestion.pipeline import Landing, Listed, connect, kept_open, load
from ingestion.sandbox import state
from ingestion.sandbox.inbox import write_inbox
from ingestion.sandbox.snapshot import Current
from orchestration.load import settle_ledger
from orchestration.settings import Settings, clock
from quality.raw_door import raw_door


@dataclass(frozen=True, slots=True)
class Tape:
    """A folder with what came, by day and source, and the warehouse after the first day."""

    folder: Path

    @property
    def first(self) -> Path:
        return self.folder / "first.duckdb"

    def days(self) -> list[Path]:
        return sorted(path.parent for path in self.folder.glob("*/day.json"))

    def keep(self, connector: Connector, package: Mapping[str, Path],
             listed: Mapping[str, Listed], as_of: datetime, counts: Sequence[TableCount],
    ) -> list[str]:  # fmt: skip
        """Let a package pass and keep what a door is shown of it."""
        place = self.folder / f"{as_of:%Y-%m-%d}" / connector.name
        place.mkdir(parents=True)
        for name, path in package.items():
            shutil.copy(path, place / f"{name}.parquet")
        facts = {
            "as_of": as_of.isoformat(),
            "listed": listed,
            "counts": [asdict(count) for count in counts],
        }
        (place / "facts.json").write_text(json.dumps(facts))
        return []


def record(current: Settings, on: Sequence[Connector], tape: Tape, days: int) -> None:
    """Load the sandbox day by day onto a tape; go on where it stopped."""
    shown = Current(current.data)
    for _ in range(len(tape.days()), days):
        as_of = clock(current)
        day = tape.folder / f"{as_of:%Y-%m-%d}"
        left = [one for one in on if not (day / one.name / "facts.json").exists()]
        write_inbox(shown(), current.inbox)
        landing = Landing(current.warehouse, current.work, as_of)
        landing.warehouse.parent.mkdir(parents=True, exist_ok=True)
        with kept_open(landing.warehouse), ThreadPoolExecutor(len(on)) as pool:
            loads = list(pool.map(partial(load, landing=landing, door=tape.keep), left))
        settle_ledger(current.warehouse, {one.name: one for one in on}, as_of)
        if not tape.first.exists():
            shutil.copy(current.warehouse, tape.first)
        problems = [one.problem for one in loads if one.problem]
        (day / "day.json").write_text(json.dumps({"problems": problems}))
        state.advance(current.data, 1)


def play(on: Sequence[Connector], tape: Tape, warehouse: Path) -> Iterator[dict[str, Any]]:
    """Hold the door against each day after the first; yield its alarms.

    What is alarmed falsely is taken, as a person would accept it.
    """
    shutil.copy(tape.first, warehouse)
    door = raw_door(warehouse)
    for day in tape.days()[1:]:
        alarms = json.loads((day / "day.json").read_text())["problems"]
        with kept_open(warehouse):
            for connector in on:
                if (day / connector.name / "facts.json").exists():
                    alarms += _play(connector, day / connector.name, warehouse, door)
        yield {"day": day.name, "alarms": alarms}


def _play(connector: Connector, came: Path, warehouse: Path, door: Any) -> list[str]:
    facts = json.loads((came / "facts.json").read_text())
    as_of = datetime.fromisoformat(facts["as_of"])
    package = {path.stem: path for path in came.glob("*.parquet")}
    listed = {name: Listed(*rows) for name, rows in facts["listed"].items()}
    counts = [TableCount(**count) for count in facts["counts"]]
    findings = door(connector, package, listed, as_of, counts)
    with connect(warehouse) as db:
        for table in connector.tables:
            if table.name in package:
                key = ", ".join(f'"{name}"' for name in table.key)
                raw, file = f"raw_{connector.name}.{table.name}", str(package[table.name])
                db.execute(
                    f"delete from {raw} where ({key}) in (select ({key}) from read_parquet(?))",
                    [file],
                )
                db.execute(f"insert into {raw} by name from read_parquet(?)", [file])
        ledger.write_load(db, connector.name, as_of, counts)
    door.remember(connector.name, as_of)
    return [f"{connector.name}: {finding}" for finding in findings]
