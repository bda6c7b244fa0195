"""An inbox with mappings beside it, and two ways to look: in memory, or through the pipeline."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion.connectors.files.catalogue import read_catalogue
from ingestion.connectors.files.inbox import Inbox, Look
from ingestion.connectors.files.source import TABLES, connector
from ingestion.landing import Page
from ingestion.mapping.reading import pages
from ingestion.pipeline import Door, Landing, Load, load

CHECKOUT = Path(__file__).parents[3]

ORDERS = """
match: orders_*.csv
contract: orders
record_id: order_id
time_zone: Europe/Berlin
columns:
  account_id: customer
  ordered_at: when
  amount: amount
constants: {order_kind: order, status: paid, currency: EUR}
"""
HEADER = "order_id,customer,when,amount\n"


@dataclass
class Box:
    """An inbox with its mappings and its memory of earlier looks."""

    root: Path
    memory: dict[str, Any] = field(default_factory=dict)

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    def drop(self, name: str, content: str | bytes) -> Path:
        path = self.inbox / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def map(self, name: str, text: str) -> None:
        (self.root / "mappings" / name).write_text(text)

    def look(self) -> Look:
        catalogue = read_catalogue(self.root / "mappings")
        return Inbox(self.inbox, catalogue, self.memory, "2026-06-30T00:00:00+00:00").look()

    def read(self, contract: str = "orders") -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return the rows that fit and those set aside, in one look."""
        good, bad = [], []
        for page in told(self.look(), contract):
            good += page.good.to_pylist()
            bad += page.bad.to_pylist()
        return good, bad

    def load(self, door: Door = lambda *_: []) -> Load:
        os.environ["SOURCES__FILES__INBOX"] = str(self.inbox)
        landing = Landing(self.warehouse, self.root / "work", datetime(2026, 6, 30, tzinfo=UTC))
        return load(connector, landing, door)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.warehouse), read_only=True) as db:
            db.execute("set TimeZone = 'UTC'")
            return db.execute(sql).fetchall()


def told(look: Look, contract: str) -> Iterator[Page]:
    """Return the pages of a contract that one look found."""
    return pages(TABLES[contract], contract, look.readings, look.scopes)


def new_box(root: Path) -> Box:
    for folder in ("inbox", "mappings"):
        (root / folder).mkdir(parents=True)
    return Box(root)


def order(number: int, amount: str = "10.5", when: str = "2026-05-01 10:00") -> str:
    """Return a line of a file of orders."""
    return f"A{number},anna{number},{when},{amount}\n"
