"""The YAML of a database: its tables, and how each of them fills an input contract."""

import re
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from ingestion.errors import IngestionError
from ingestion.mapping.mapping import Mapping, Name, Strict, Text
from ingestion.mapping.yaml_file import read_model

REFERENCE = "see docs/connect-a-database.md"
SPAN = re.compile(r"(?P<many>\d+) (?P<unit>minute|hour|day)s?")


class Cursor(Strict):
    """The column that grows when a row changes, and how late a row may become visible in it.

    `late` is a time (`2 hours`) for cursors that are times, else how far numbers may lag (`1000`).
    """

    column: Text
    late: Text

    @field_validator("late")
    @classmethod
    def _is_span(cls, late: str) -> str:
        if not late.isdecimal() and not SPAN.fullmatch(late):
            raise ValueError(
                f"{late!r} is no lateness; write it like 2 hours or 1 day, or for a cursor of "
                "numbers like 1000"
            )
        return late

    @property
    def span(self) -> timedelta | int:
        """How far a run goes back behind what the last one saw."""
        if found := SPAN.fullmatch(self.late):
            return timedelta(**{f"{found['unit']}s": int(found["many"])})
        return int(self.late)


class TableMapping(Mapping):
    """What one table or view holds. Without a cursor its whole list is read each time."""

    database: Name
    table: Text
    cursor: Cursor | None = None

    @model_validator(mode="after")
    def _has_a_key(self) -> Self:
        if self.is_numbered:
            raise ValueError("record_id: a table has a key; name its columns")
        if self.table.count(".") > 1:
            raise ValueError(
                f"table: {self.table!r} is no table; write it like orders or sales.orders"
            )
        return self

    @cached_property
    def headers(self) -> list[str]:
        """The declared columns, which are the only ones that are asked for."""
        return super().headers

    @property
    def name(self) -> str:
        """The table as sentences call it."""
        return f"{self.database}.{self.table}"

    @property
    def ids_of(self) -> str:
        """The system whose ids the rows carry: the database, unless another is named."""
        return self.system or self.database


class Database(Strict):
    """One database; `time_zone` is that of its times without an offset, unless a table differs."""

    name: Name
    description: str = ""
    time_zone: Text | None = None
    tables: dict[Name, TableMapping] = Field(min_length=1)

    # A table inherits what the database says, so that it is said once.
    @model_validator(mode="before")
    @classmethod
    def _hand_down(cls, said: Any) -> Any:
        tables = said.get("tables") if isinstance(said, dict) else None
        if not isinstance(tables, dict):
            return said
        zone = {"time_zone": said["time_zone"]} if said.get("time_zone") else {}
        given = {"database": said["name"], **zone}
        return said | {
            "tables": {
                kind: {"kind": kind, **given, **table} if isinstance(table, dict) else table
                for kind, table in tables.items()
            }
        }


class NoDatabase(IngestionError):
    """Nothing is declared, so there is nothing to read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"sql: {folder} declares no database; write a YAML of yours into it "
            f"({REFERENCE}), or take sql off the switchboard"
        )


def read_databases(folder: Path) -> tuple[list[Database], dict[str, str]]:
    """Read every database of a folder, and a sentence for each file that is wrong."""
    found: dict[str, Database] = {}
    problems: dict[str, str] = {}
    owner: dict[str, str] = {}
    for path in sorted((*folder.glob("*.yml"), *folder.glob("*.yaml"))):
        try:
            database = read_model(path, Database, {"name": path.stem.lower()})
            for kind in database.tables:
                if kind in owner:
                    raise ValueError(
                        f"tables.{kind}: {owner[kind]} has one of that name; rename it"
                    )
            if database.name in found:
                raise ValueError(f"name: another database is called {database.name}; rename one")
            found[database.name] = database
            owner |= dict.fromkeys(database.tables, path.name)
        except ValueError as wrong:
            problems[path.name] = f"{path.name}, {wrong} ({REFERENCE})"
    if not found and not problems:
        raise NoDatabase(folder)
    return list(found.values()), problems
