"""Rows as bad vendors send them, from every connector: kept, replaced or set aside, never doubled."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from faulty import Rewritten
from small_worlds import emulator, small_world, ways_of_paging

from ingestion.connector import Table, discover
from ingestion.landing import ABSENT, dig

TEXT = re.compile(r"name|subject|title|comment|city|label", re.IGNORECASE)
HUGE = 5_000_000
FEWEST = 2  # of rows in an answer, so that the bad ones are not most of it
# Lists by whose ids a vendor is asked for more: one without an id is a broken answer as a whole.
ASKED_BY = {"forms", "surveys"}
Row = dict[str, Any]


def lists_of_rows(body: Any) -> Iterator[list[Row]]:
    """Yield every list of objects in an answer, the outermost first."""
    if isinstance(body, list) and body and all(isinstance(row, dict) for row in body):
        yield body
    for part in body.values() if isinstance(body, dict) else []:
        yield from lists_of_rows(part)


class Dirt:
    """Spoils each page of the first table whose rows carry a key, and a text or a time."""

    def __init__(self, tables: tuple[Table, ...]) -> None:
        self.tables = tables
        self.table: Table | None = None
        self.pages = 0
        self.texts: list[str] = []
        self.times: list[list[str]] = []

    def __call__(self, body: Any) -> Any:
        for rows in lists_of_rows(body):
            for table in self.tables:
                if self.table in (None, table) and len(rows) >= FEWEST and self.spoil(rows, table):
                    return body
        return body

    def spoil(self, rows: list[Row], table: Table) -> bool:
        paths = {name: (c.path or name).split(".") for name, c in table.columns.items()}
        key = [paths[name] for name in table.key]
        seen = {name: dig(rows[0], path) for name, path in paths.items()}
        texts = [
            name for name, column in table.columns.items()
            if column.type == "string" and name not in table.key and TEXT.search(name)
            and isinstance(seen[name], str)
        ]  # fmt: skip
        absent = [n for n, c in table.columns.items() if seen[n] is ABSENT and not c.optional]
        # A connector adds a column of its own at most, such as whose list it was.
        if len(absent) > 1 or not (texts or "updated_at" in seen):
            return False
        self.table, self.texts = table, texts[:1]
        self.pages += 1
        self.times = [
            paths[name] for name, column in table.columns.items()
            if column.type == "timestamp" and isinstance(seen[name], str)
        ][-1 if len(rows) > FEWEST else len(rows) :]  # fmt: skip
        for name in self.texts:
            put(rows[0], paths[name], "\x00" + "é" * HUGE + "\ud800")
        without_key, out_of_range = deepcopy(rows[1]), deepcopy(rows[-1])
        for path in key:
            put(without_key, path, None)
        for path in self.times:
            put(out_of_range, path, "99999-13-45T00:00:00Z")
        rows += [deepcopy(rows[0]), without_key, *([out_of_range] if self.times else [])]
        return True


def put(row: Row, path: list[str], value: Any) -> None:
    """Set the value at a path; None takes the key away."""
    *way, last = path
    for name in way:
        row = row[name]
    if value is None:
        row.pop(last, None)
    else:
        row[last] = value


# What comes first of Salesforce is CSV, which its own tests spoil.
@pytest.mark.parametrize("vendor", ways_of_paging(but="salesforce"))
def test_dirty_rows_are_kept_replaced_or_set_aside(vendor, serve, load_from, query) -> None:
    world, app = small_world(vendor), emulator(vendor).app
    clean = {t.table: t for t in load_from(vendor, serve(app(lambda: world, None))).tables}
    query(f"drop schema raw_{vendor} cascade")
    dirt = Dirt(tuple(t for t in discover()[vendor].tables if t.name not in ASKED_BY))

    loaded = load_from(vendor, serve(Rewritten(app(lambda: world, None), dirt)))

    assert loaded.problem is None
    assert dirt.table is not None, f"{vendor}: no answer was spoilt, so nothing was tried"
    name = dirt.table.name
    found = {table.table: table for table in loaded.tables}
    assert found[name].duplicate > clean[name].duplicate
    of_a_page = 1 + len(dirt.times)
    # A page may be asked for and spoilt more often than it lands.
    assert found[name].quarantined in range(of_a_page, dirt.pages * of_a_page + 1, of_a_page)
    others = found.keys() - {"quarantine"}
    assert {t: found[t].new for t in others} == {
        t: clean[t].new for t in clean if t != "quarantine"
    }
    reasons = " ".join(reason for (reason,) in query(f"select reason from raw_{vendor}.quarantine"))
    assert "is the key and has no value" in reasons
    assert ("99999-13-45" in reasons) == bool(dirt.times)
    for text in dirt.texts:
        kept = query(
            f'select length("{text}"), instr("{text}", chr(0)), "{text}"[1] || "{text}"[-1] '
            f'from raw_{vendor}."{name}" where length("{text}") > 1000'
        )
        assert set(kept) == {(HUGE + 2, 0, "\ufffd\ufffd")}
    assert all(table.extracted == table.accounted for table in loaded.tables)
