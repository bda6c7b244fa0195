"""One look at every declared database: what is new in it since the last.

What was read is remembered in dlt's state, which is committed together with the rows it led to.
"""

from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from ingestion.connectors.sql.database import Database, TableMapping
from ingestion.connectors.sql.progress import UnfitCursor, mark_of, start_of
from ingestion.connectors.sql.reading import TableReading, greatest
from ingestion.connectors.sql.record import Row, record
from ingestion.connectors.sql.session import Session, connect
from ingestion.connectors.sql.trouble import Trouble
from ingestion.landing import Scope
from ingestion.mapping.texts import Unreadable

MEMORY = "512MB"  # above it DuckDB spills


@dataclass(slots=True)
class Look:
    """What one look at the databases found.

    `rows` are of the table `tables`, `scopes` (contract, scope) the rows that an earlier look
    landed and that no longer hold, `problems` {name: sentence} what could not be read. `aside` is
    where readings spill to, and lives as long as they do.
    """

    aside: "TemporaryDirectory[str]"
    readings: list[TableReading] = field(default_factory=list)
    scopes: list[tuple[str, Scope]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


class Databases:
    """One look at an instant, with the memory of earlier ones.

    The memory: {kind: {row, digest, mark}} is what raw holds of each table, and how far its cursor
    has come. `url_of` gives the secret of a database, None where it is not set.
    """

    def __init__(
        self,
        memory: MutableMapping[str, Any],
        as_of: datetime,
        scratch: Path,
        url_of: Callable[[str], str | None],
    ) -> None:
        self.known: dict[str, dict[str, Any]] = memory.setdefault("tables", {})
        self.as_of, self.url_of = as_of, url_of
        aside = TemporaryDirectory(prefix="ax-sql-", dir=scratch, ignore_cleanup_errors=True)
        self.found = Look(aside)
        spill = f"{aside.name}/spill"
        self.db = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": spill})

    def look(self, databases: Iterable[Database], problems: dict[str, str]) -> Look:
        """Read what is new; one database or table that can not be read stops no other."""
        self.found.problems |= problems
        for database in databases:
            self._look_at(database)
            self._take_back(database)
        return self.found

    def _look_at(self, database: Database) -> None:
        try:
            session = connect(self._url(database.name))
        except Trouble as met:
            sentence = str(Unreadable("sql", database.name, met.what, met.remedy))
            self.found.problems[database.name] = sentence
            for mapping in database.tables.values():
                self._tell(mapping, sentence)
            return
        try:
            for mapping in database.tables.values():
                self._look_under(session, mapping)
        finally:
            session.close()

    def _url(self, name: str) -> str:
        if url := self.url_of(name):
            return url
        variable = f"SOURCES__SQL__{name.upper()}__URL"
        remedy = f"set {variable} (or write it into .dlt/secrets.toml)"
        raise Trouble("has no URL", remedy)

    def _look_under(self, session: Session, mapping: TableMapping) -> None:
        try:
            self._read(session, mapping)
        except (Trouble, UnfitCursor, Unreadable) as met:
            sentence = _sentence(mapping, met)
            self.found.problems[mapping.name] = sentence
            self._tell(mapping, sentence)
            session.renew()

    def _read(self, session: Session, mapping: TableMapping) -> None:
        known = self.known.get(mapping.kind)
        is_same = known is not None and known["digest"] == mapping.digest
        zone = mapping.time_zone if isinstance(mapping.time_zone, str) else None
        mark = known["mark"] if known and is_same else None
        start = None
        if mapping.cursor:
            # The mark is fixed before the first row is read; what comes meanwhile is read again.
            top = greatest(session, mapping)
            start = start_of(mark, mapping.cursor.span, zone) if mark else None
            mark = mark_of(top, self.as_of, zone) if top else mark
            if mark:
                start_of(mark, mapping.cursor.span, zone)  # a cursor that can not be followed
        before = known["row"]["landed"] if known and is_same else 0
        reading = TableReading(session, mapping, self.db.cursor(), start, before or 0)
        if known and known["row"]["contract"] != mapping.contract:
            self._bury(known["row"], "mapping_gone")
        row = known["row"] if known and start else record(mapping) | reading.report.told
        self.known[mapping.kind] = {"row": row, "digest": mapping.digest, "mark": mark}
        self.found.readings.append(reading)
        self.found.rows.append(row)

    def _tell(self, mapping: TableMapping, problem: str) -> None:
        """Keep what raw holds of a table, and say what is wrong with it now."""
        known = self.known.get(mapping.kind)
        self.found.rows.append((known["row"] if known else record(mapping)) | {"problem": problem})

    def _take_back(self, database: Database) -> None:
        """Bury the rows of tables that stand in the YAML no more."""
        for kind, known in list(self.known.items()):
            if known["row"]["database"] == database.name and kind not in database.tables:
                self._bury(self.known.pop(kind)["row"], "mapping_gone")
                self.found.rows.append({"mapping": kind, "_deleted_reason": "mapping_gone"})

    def _bury(self, row: Row, reason: str) -> None:
        where = {"database": row["database"], "mapping": row["mapping"]}
        self.found.scopes.append((row["contract"], Scope(where, reason)))


def _sentence(mapping: TableMapping, met: Exception) -> str:
    if isinstance(met, Trouble):
        return str(Unreadable("sql", mapping.name, met.what, met.remedy))
    if isinstance(met, UnfitCursor):
        assert mapping.cursor is not None
        what, remedy = met.args
        return str(
            Unreadable("sql", mapping.name, f"cursor {mapping.cursor.column} {what}", remedy)
        )
    return str(met)
