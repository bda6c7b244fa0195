"""What a connector is: a name, tables with declared columns, and a dlt source."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from dlt.extract import DltSource

import ingestion.connectors

ColumnType = Literal[
    "string", "bigint", "double", "boolean", "date", "timestamp", "epoch_s", "epoch_ms", "json"
]


@dataclass(frozen=True, slots=True)
class Column:
    """A declared column: its type, and where the vendor's row holds it.

    `path` is dotted and defaults to the column's own name. `optional` says that the vendor leaves
    the key out where it has no value; any other key that no row carries stops the source.
    Times are never guessed: `timestamp` reads ISO 8601 with an offset or Z, `epoch_s` and
    `epoch_ms` read numbers; all land as timestamps in UTC.
    """

    type: ColumnType
    path: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One raw table: what lands in `raw_<vendor>.<name>`, one row per `key`.

    `time` names the column that the raw door watches for freshness and future dates; `stream` the
    column that tells apart streams that know nothing of one another, each with a past of its own.
    `is_whole` says that each load reads the whole list anew; the raw door watches its length.
    """

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    description: str
    time: str | None = None
    stream: str | None = None
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose the rows of a raw table are, said once for erasure, disclosure and retention.

    `own` is SQL over a row that gives the key of the account it belongs to, as the account's id has
    it after `<source>:`. `part_of` {column: "table.column"} names what a row hangs on: it is
    whosever that is. `mentions` are columns that name another account: there the key is emptied and
    the row stays. `at` says how old a record is, where it is not the table's `time`.
    """

    own: str | None = None
    part_of: Mapping[str, str] = field(default_factory=dict)
    mentions: tuple[str, ...] = ()
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Connector:
    """A source system: `source()` is called inside the run, so a missing secret stops it alone.

    `settings` are the names under `SOURCES__<VENDOR>__` without which nothing can be read;
    `sandbox` are the values of those the emulator takes. A table that `whose` leaves out is
    nobody's.
    """

    name: str
    title: str
    tables: tuple[Table, ...]
    source: Callable[[], DltSource]
    settings: tuple[str, ...] = ()
    sandbox: Mapping[str, str] = field(default_factory=dict)
    whose: Mapping[str, Whose] = field(default_factory=dict)

    @property
    def parents(self) -> set[str]:
        """What rows hang on, as "table.column"."""
        return {parent for whose in self.whose.values() for parent in whose.part_of.values()}

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)


@cache
def discover() -> dict[str, Connector]:
    """Return every connector under `ingestion/connectors/`, by name; a folder is enough."""
    folders = pkgutil.iter_modules(ingestion.connectors.__path__)
    modules = (
        importlib.import_module(f"ingestion.connectors.{folder.name}.source")
        for folder in sorted(folders, key=lambda folder: folder.name)
        if folder.ispkg
    )
    return {module.connector.name: module.connector for module in modules}
