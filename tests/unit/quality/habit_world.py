"""A source that is loaded day by day, without a vendor: packages as files, raw as a table."""

import copy
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion import ledger
from ingestion.classification import TableCount
from ingestion.connector import Column, Connector, Table
from ingestion.landing import arrow_schema
from quality.raw_door import raw_door

ACCOUNTS = Table("accounts", ("id",), {"id": Column("bigint"), "name": Column("string")}, "Who.")
TICKETS = Table(
    "tickets",
    ("id",),
    {
        "id": Column("bigint"),
        "account_id": Column("bigint"),
        "status": Column("string"),
        "score": Column("bigint"),
        "note": Column("string"),
        "created_at": Column("timestamp"),
        "updated_at": Column("timestamp"),
    },
    "What they asked.",
    time="updated_at",
)
DESK = Connector("desk", "Desk", (ACCOUNTS, TICKETS), source=lambda: None)
START = datetime(2026, 1, 1, tzinfo=UTC)
AGAIN = 40  # rows that are read again each time, and are as they were
Row = dict[str, Any]
Fault = Callable[[list[Row], datetime], list[Row]]


def counted(
    table: str, new: int, still: int, held: int = 0, missing: int = 0, twice: int = 0
) -> TableCount:
    read = new + still + twice
    return TableCount(table, read, new, 0, still, twice, 0, held=held, missing=missing, still=still)


@dataclass
class Desk:
    """Loads tickets, `a_day` of them, and keeps what the door said of each load."""

    folder: Path
    a_day: int = 40
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    now: datetime = START
    number: int = 0
    missing: int = 0
    connector: Connector = DESK

    def __post_init__(self) -> None:
        self.warehouse = self.folder / "warehouse.duckdb"
        self.door = raw_door(self.warehouse)
        with duckdb.connect(str(self.warehouse)) as db:
            ledger.ensure(db)
            db.execute("set TimeZone = 'UTC'; create schema raw_desk")
            for table in DESK.tables:
                empty = arrow_schema(table).empty_table()  # noqa: F841
                db.execute(f"create table raw_desk.{table.name} as from empty")
            db.execute(
                "insert into raw_desk.accounts by name select i as id, 'n' || i as name from range(300) r(i)"
            )
        self.load(days=120, as_first=True)

    def copy(self, folder: Path, a_day: int | None = None) -> "Desk":
        """Return the same desk in another folder, from where it goes its own way."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        other = copy.copy(self)
        other.folder, other.warehouse = folder, folder / "warehouse.duckdb"
        other.door, other.chance = raw_door(other.warehouse), random.Random(8)
        other.a_day = a_day or self.a_day
        return other

    def rows(self, days: float, a_day: int | None = None) -> list[Row]:
        return [
            self._row(days) for _ in range(int((self.a_day if a_day is None else a_day) * days))
        ]

    def _row(self, days: float) -> Row:
        self.number += 1
        # By day more is asked than by night.
        hour = self.chance.choice([8, 9, 9, 10, 10, 10, 11, 11, 12, 13, 14, 14, 15, 16, 17, 20])
        day = self.now - timedelta(days=self.chance.randrange(max(1, int(days))) + 1)
        made = day + timedelta(hours=hour, minutes=self.chance.randrange(60))
        return {
            "id": self.number, "account_id": self.chance.randrange(300),
            "status": self.chance.choices(["open", "solved", "closed"], [2, 5, 3])[0],
            "score": self.chance.choice([6, 7, 8, 8, 9, 9, 10, 10, 3, 0]),
            "note": "x" * self.chance.randrange(20, 60), "created_at": made,
            "updated_at": min(self.now, made + timedelta(minutes=self.chance.randrange(1, 90))),
        }  # fmt: skip

    def load(
        self, days: float = 1, fault: Fault | None = None, a_day: int | None = None,
        as_first: bool = False, held: tuple[int, int] = (40, 0), accept: bool = False,
    ) -> list[str]:  # fmt: skip
        """Move the clock and load what came; a package that is refused leaves no trace."""
        before = self.now
        self.now += timedelta(days=0 if as_first else days)
        rows = self.rows(days, a_day)
        rows = fault(rows, self.now) if fault else rows
        file = self.folder / "came.parquet"
        full = [{"_content_hash": str(row["id"]), "_deleted_reason": None, **row} for row in rows]
        pq.write_table(pa.Table.from_pylist(full, schema=arrow_schema(TICKETS)), file)
        counts = [counted("tickets", len(rows), AGAIN, *held)]
        package = {"tickets": file} if rows else {}
        findings = self.door(self.connector, package, {}, self.now, counts)
        if findings and not accept:
            self.now = before
            return findings
        with duckdb.connect(str(self.warehouse)) as db:
            db.execute(f"insert into raw_desk.tickets by name from read_parquet('{file}')")
            ledger.write_load(db, "desk", self.now, counts)
        self.door.remember("desk", self.now)
        return findings

    def loads(self, times: int, **given: Any) -> Sequence[str]:
        return [finding for _ in range(times) for finding in self.load(**given)]
