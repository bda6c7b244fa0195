"""A data folder with declared databases, and two kinds of database to declare: PostgreSQL, SQLite."""

import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pytest

from benchmarks.postgres_server import Server
from ingestion.connectors.sql.source import connector
from ingestion.pipeline import Door, Landing, Load, load

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
ORDERS = """
time_zone: Europe/Berlin
tables:
  tickets_sold:
    table: {table}
    contract: orders
    record_id: order_id
    cursor: {{column: updated_at, late: 2 hours}}
    columns:
      account_id: buyer
      ordered_at: bought_at
      updated_at: updated_at
      amount: amount
    constants: {{order_kind: order, status: paid, currency: EUR}}
"""
TABLE = (
    "create table {table} (order_id integer primary key, buyer varchar(40), bought_at timestamp, "
    "amount numeric(12, 2), updated_at timestamp, note text, iban text)"
)


class Kind(Protocol):
    """A kind of database under test."""

    table: str
    url: str

    def run(self, *statements: str) -> Any: ...


@dataclass
class Postgres:
    """A database of its own on the server of the tests."""

    server: Server
    name: str
    table: str = "sales.orders"

    @property
    def url(self) -> str:
        return self.server.url(database=self.name)

    def run(self, *statements: str) -> Any:
        return self.server.run(*statements, database=self.name)


@dataclass
class Lite:
    """A SQLite file."""

    path: Path
    table: str = "orders"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def run(self, *statements: str) -> Any:
        with sqlite3.connect(self.path) as connection:
            for statement in statements:
                rows = connection.execute(statement).fetchall()
        connection.close()
        return rows


@dataclass
class Estate:
    """A data folder: declared databases, their URLs, and what was loaded of them."""

    root: Path
    env: pytest.MonkeyPatch
    as_of: datetime = AS_OF
    opened: list[str] = field(default_factory=list)

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    def declare(self, name: str, text: str, url: str | None = None) -> None:
        (self.root / "databases" / f"{name}.yml").write_text(text)
        if url:
            self.env.setenv(f"SOURCES__SQL__{name.upper()}__URL", url)

    def load(self, door: Door = lambda *_: []) -> Load:
        return load(connector, Landing(self.warehouse, self.root / "work", self.as_of), door)

    def counts(self, table: str = "orders") -> tuple[int, int, int]:
        """Load, and return the new, changed and unchanged rows of a table."""
        loaded = self.load()
        assert loaded.problem is None, loaded.problem
        assert all(count.extracted == count.accounted for count in loaded.tables)
        found = next(count for count in loaded.tables if count.table == table)
        return found.new, found.changed, found.unchanged

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.warehouse), read_only=True) as db:
            db.execute("set TimeZone = 'UTC'")
            return db.execute(sql).fetchall()


def order(number: int, updated: str | None = "2026-05-01 10:00:00", amount: str = "10.50") -> str:
    """Return the values of one order."""
    stamp = "null" if updated is None else f"'{updated}'"
    return f"({number}, 'anna{number}', '2026-05-01 09:00:00', {amount}, {stamp}, 'x', 'DE00')"
