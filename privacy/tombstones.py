"""Who was erased stays out: keyed hashes of accounts, records and values, and the gate at landing.

A line of the file is an HMAC that nobody without the key can undo. It lies beside the warehouse and
not in it, so no refresh and no restore of the warehouse loses it.
"""

import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from operator import or_
from pathlib import Path
from threading import Lock

import duckdb
import pyarrow as pa

from ingestion.connector import Connector, Table, Whose
from ingestion.landing import Page
from privacy.errors import LostKey
from privacy.search import tables
from privacy.values import CODES, ERASED, Value, digits
from storage.sql import named

ADDRESS = re.compile(r"[^\s@<>\"',;:()\[\]\\]+@[^\s@<>\"',;:()\[\]\\]+\.\w+")
NUMBER = re.compile(r"\+?\d[\d ()./-]{5,20}\d")
WORD = re.compile(r"[^\W\d_][\w'-]*")


@dataclass(slots=True)
class Tombstones:
    """The hashes of a data folder, with the key that made them."""

    file: Path
    key: bytes
    known: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def hash(self, kind: str, text: str) -> str:
        """Return the keyed hash of something of a kind; spelling makes no difference."""
        plain = digits(text) if kind == "phone" else " ".join(text.lower().split())
        return hmac.digest(self.key, f"{kind}:{plain}".encode(), "sha256").hex()

    def has(self, kind: str, text: object) -> bool:
        """Say whether something was erased."""
        return text is not None and self.hash(kind, str(text)) in self.known

    def add(self, things: Iterable[tuple[str, str]]) -> None:
        """Write down (kind, text) for good; what is there already is not written again."""
        with self._lock:
            hashes = {self.hash(kind, text) for kind, text in things}
            if new := sorted(hashes - self.known):
                self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with self.file.open("a") as out:
                    out.writelines(f"{line}\n" for line in new)
                self.known |= hashes


def read(file: Path, key_file: Path) -> Tombstones | None:
    """Return the tombstones of a data folder; None where nobody was ever erased.

    Raises:
        LostKey: there are some and their key is gone.
    """
    if not file.exists():
        return None
    if not key_file.exists():
        raise LostKey(key_file, file)
    lines = file.read_text().split()
    return Tombstones(file, bytes.fromhex(key_file.read_text().strip()), set(lines))


def of_values(values: Iterable[Value]) -> Iterator[tuple[str, str]]:
    """Yield what is written down of values; ids are written down as accounts and records."""
    yield from ((value.kind, value.text) for value in values if value.kind != "id")


def record(source: str, column: str, key: object) -> tuple[str, str]:
    """Return what is written down of a row that others hang on; `column` is table.column."""
    return ("record", f"{source}.{column}:{key}")


@dataclass(slots=True)
class Gate:
    """What stands between a page and raw once somebody was erased."""

    tombstones: Tombstones

    def __call__(self, connector: Connector, table: Table, page: Page) -> Page:
        """Return a page without the rows of erased persons and without their names in others'."""
        whose = connector.whose.get(table.name, Whose())
        good = self._without(connector, table, whose, page.good)
        bad = self._without_misfits(connector, table, whose, page.bad)
        return Page(self._redacted(table, good), bad, page.scope, page.problems)

    def _without(
        self, connector: Connector, table: Table, whose: Whose, rows: pa.Table
    ) -> pa.Table:
        if not rows.num_rows:
            return rows
        dead = [
            self.tombstones.has("account", key and f"{connector.name}:{key}")
            for key in _own_keys(rows, whose.own)
        ]
        for column, parent in whose.part_of.items():
            keys = rows[column].to_pylist()
            hangs = [self.tombstones.has(*record(connector.name, parent, key)) for key in keys]
            dead = list(map(or_, dead, hangs))
        for column in _texts(table, rows) if whose.own else ():
            named_whole = [self._is_whole(column, cell) for cell in rows[column].to_pylist()]
            dead = list(map(or_, dead, named_whole))
        if not any(dead):
            return rows
        self._bury_what_hangs_on(connector, table, rows.filter(pa.array(dead)))
        return rows.filter(pa.array([not gone for gone in dead]))

    def _is_whole(self, column: str, cell: str | None) -> bool:
        if not cell:
            return False
        if column in CODES:
            return self.tombstones.has("code", cell)
        text = cell.strip()
        if "@" in text:
            return bool(ADDRESS.fullmatch(text)) and self.tombstones.has("email", text)
        return bool(NUMBER.fullmatch(text)) and self.tombstones.has("phone", text)

    def _bury_what_hangs_on(self, connector: Connector, table: Table, rows: pa.Table) -> None:
        parents = connector.parents
        for column in table.columns:
            parent = f"{table.name}.{column}"
            if parent in parents:
                keys = rows[column].to_pylist()
                self.tombstones.add(record(connector.name, parent, key) for key in keys)

    def _without_misfits(
        self, connector: Connector, table: Table, whose: Whose, rows: pa.Table
    ) -> pa.Table:
        """What was set aside is not typed: a row that names somebody erased stays out whole."""
        if not rows.num_rows:
            return rows
        stays = [
            text == self.redact(text)
            and not (
                whose.own in table.key
                and self.tombstones.has("account", f"{connector.name}:{row_key}")
            )
            for text, row_key in zip(
                rows["record"].to_pylist(), rows["record_key"].to_pylist(), strict=True
            )
        ]
        return rows.filter(pa.array(stays))

    def _redacted(self, table: Table, rows: pa.Table) -> pa.Table:
        for column in _texts(table, rows):
            cells = rows[column].to_pylist()
            clean = [cell and self.redact(cell) for cell in cells]
            if clean != cells:
                place = rows.column_names.index(column)
                rows = rows.set_column(
                    place, rows.schema.field(place), pa.array(clean, pa.string())
                )
        return rows

    def redact(self, text: str) -> str:
        """Return a text without the addresses, numbers and names of who was erased."""
        text = ADDRESS.sub(partial(self._stands_for, "email"), text)
        text = NUMBER.sub(partial(self._stands_for, "phone"), text)
        words = list(WORD.finditer(text))
        for first, last in reversed(list(pairwise(words))):
            is_name = not (first[0].islower() or last[0].islower())
            if is_name and self._is_dead("name", f"{first[0]} {last[0]}"):
                text = text[: first.start()] + ERASED + text[last.end() :]
        return text

    def _stands_for(self, kind: str, found: re.Match[str]) -> str:
        return ERASED if self._is_dead(kind, found[0]) else found[0]

    def _is_dead(self, kind: str, text: str) -> bool:
        return self.tombstones.has(kind, text.rstrip(".-"))


def _own_keys(rows: pa.Table, own: str | None) -> list[str | None]:
    if own is None:
        return [None] * rows.num_rows
    with duckdb.connect() as db:
        db.register("page", rows)
        return [
            key for (key,) in db.execute(f"select cast(({own}) as varchar) from page").fetchall()
        ]


def _texts(table: Table, rows: pa.Table) -> list[str]:
    return [
        n
        for n, c in table.columns.items()
        if c.type in ("string", "json") and n in rows.column_names
    ]


def sweep(db: duckdb.DuckDBPyConnection, connector: Connector, tombstones: Tombstones) -> int:
    """Take out of raw what hangs on rows that were kept out and came before them; return rows."""
    gone = 0
    there = set(tables(db))
    for table, whose in connector.whose.items():
        if (f"raw_{connector.name}", table) not in there:
            continue  # it never sent anything
        for column, parent in whose.part_of.items():
            relation = named(f"raw_{connector.name}", table)
            keys = db.execute(f"select distinct {named(column)} from {relation}").fetchall()
            dead = [k for (k,) in keys if tombstones.has(*record(connector.name, parent, k))]
            if dead:
                done = db.execute(
                    f"delete from {relation} where list_contains(?, {named(column)})", [dead]
                ).fetchall()
                gone += int(done[0][0])
    return gone
