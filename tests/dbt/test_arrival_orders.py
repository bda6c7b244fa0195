"""Fifty orders of arrival, with late, corrected and deleted records: the same marts as at once.

The records of the golden set and of the random worlds reach over more than two years. In each order
they arrive in four steps: a record may come first as something else and be corrected later, and some
that came are deleted again. Who is who is worked out after every step, the marts after some of them.
"""

import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import contract_tables
import duckdb
import pytest
from contract_tables import KEYS, LANGUAGES

from identity import resolve
from ingestion import ledger
from labelling.label import label
from privacy.redaction import redact
from tests.proof.equality import contents

pytestmark = pytest.mark.proof
STEPS = 4
Row = dict[str, Any]
Build = Callable[[Path], str]
Arrivals = dict[int, list[tuple[str, Row]]]


class Arriving:
    """The records of the contracts on their way into a warehouse of their own, in one order."""

    def __init__(self, built: Any, build: Build, folder: Path, seed: int) -> None:
        self.build, self.as_of = build, built.as_of
        self.rng = random.Random(seed)
        self.folder = folder
        self.warehouse = folder / "warehouse" / "warehouse.duckdb"
        self.ids: Iterator[str] = (f"other{n}" for n in count(1))
        self.coming: Arrivals = defaultdict(list)
        self.going: Arrivals = defaultdict(list)
        for contract, rows in built.contracts.items():
            for row in rows:
                self.plan(contract, row)

    def plan(self, contract: str, row: Row) -> None:
        """Decide when a record comes, what it was taken for before, and what is deleted again."""
        step = self.rng.randint(1, STEPS)
        self.coming[step].append((contract, row))
        key = KEYS[contract]
        if step > 1 and self.rng.random() < 0.15:
            self.coming[self.rng.randint(1, step - 1)].append((contract, self.mistaken(row)))
        if self.rng.random() < 0.05:
            ghost = {**row, key: f"{row[key]}-ghost"}
            first = self.rng.randint(1, STEPS - 1)
            self.coming[first].append((contract, ghost))
            self.going[self.rng.randint(first + 1, STEPS)].append((contract, ghost))

    def mistaken(self, row: Row) -> Row:
        """Return a record as somebody first typed it: another score, another time, another word."""
        first = dict(row)
        for name in ("answer_value", "answered_at", "created_at", "channel", "is_ended", "email"):
            if first.get(name) is not None:
                first[name] = self.rng.choice([first[name], None])
        return first

    def arrive(self, step: int) -> None:
        self.rng.shuffle(self.coming[step])
        with duckdb.connect(str(self.warehouse)) as db:
            for contract, key in KEYS.items():
                # Of one record that comes twice in a step the right one is last.
                rows = {r[key]: r for name, r in self.coming[step] if name == contract}
                gone = [r[key] for name, r in self.going[step] if name == contract]
                known = [*rows, *gone]
                if known:
                    db.execute(
                        f"delete from contracts.{contract} where list_contains(?, {key})", [known]
                    )
                contract_tables.fill(db, contract, list(rows.values()))
        resolve(self.warehouse, self.as_of, self.ids)
        redact(self.warehouse, LANGUAGES)
        label(self.warehouse)

    def run(self) -> None:
        for step in range(1, STEPS + 1):
            self.arrive(step)
            if step < STEPS and self.rng.random() < 0.25:
                self.build(self.folder)
        self.build(self.folder)


@pytest.mark.parametrize("seed", range(50))
def test_however_records_arrive_the_marts_are_those_of_all_at_once(
    seed: int, built: Any, build_marts: Build, tmp_path: Path, kept: Callable[..., None]
) -> None:
    at_once = contents(built.folder, "warehouse/publication.duckdb")
    empty_house(built, tmp_path)
    Arriving(built, build_marts, tmp_path, seed).run()

    assert contents(tmp_path, "warehouse/publication.duckdb") == at_once
    kept(f"order of arrival {seed}", marts=len(at_once), equal=True)


def empty_house(built: Any, folder: Path) -> None:
    """Lay a warehouse with empty contracts and the same ledger of loads."""
    (folder / "warehouse").mkdir(parents=True)
    shutil.copytree(built.folder / "keys", folder / "keys")
    with duckdb.connect(str(folder / "warehouse" / "warehouse.duckdb")) as db:
        db.execute(f"attach '{built.folder}/warehouse/warehouse.duckdb' as whole (read_only)")
        db.execute("create schema contracts")
        ledger.ensure(db)
        for contract, columns in contract_tables.contracts().items():
            contract_tables.create(db, contract, columns)
        for table in ("clock", "loads"):
            db.execute(f"insert into ops.{table} by name from whole.ops.{table}")
