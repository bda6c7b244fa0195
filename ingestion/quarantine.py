"""Rows that were set aside on the way in: looked at, mended, and let in again.

A replay is a load like any other, of rows that raw keeps instead of the vendor. What raw holds of a
row in a later state stays; the row that was set aside is then `superseded`. It is marked, never
deleted, so that the same row read again from the vendor is known.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import dlt
import duckdb
import pyarrow as pa
from dlt.extract import DltResource, DltSource

from ingestion.connector import Connector, Table
from ingestion.errors import NotInQuarantine
from ingestion.landing import QUARANTINE, Page, Tally, arrow_schema, convert
from ingestion.pipeline import Landing, Load, connect, load
from storage import has, turn

OPEN = "_deleted_reason is null"


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that waits in `raw_<source>.quarantine`; `record` holds its declared keys as JSON."""

    quarantine_id: str
    table: str
    record_key: str
    reason: str
    record: str
    load_id: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of rows that were tried again: ids that went in or were superseded, and the rest.

    `misfits` are the rows that still do not fit, with the reason of today; `load` is None where
    nothing fitted.
    """

    replayed: frozenset[str]
    superseded: frozenset[str]
    misfits: tuple[Aside, ...]
    load: Load | None


def waiting(
    db: duckdb.DuckDBPyConnection, source: str, quarantine_id: str | None = None
) -> list[Aside]:
    """Return what waits of a source, or the one row whose id begins so; oldest first.

    Raises:
        NotInQuarantine: no row that waits has this id.
    """
    rows = []
    if _has_quarantine(db, source):
        rows = db.execute(
            f"""
            select quarantine_id, source_table, record_key, reason, record, _dlt_load_id
            from raw_{source}.{QUARANTINE.name}
            where {OPEN} and starts_with(quarantine_id, ?)
            order by _dlt_load_id, source_table, record_key, quarantine_id
            """,
            [quarantine_id or ""],
        ).fetchall()
    if quarantine_id and not rows:
        raise NotInQuarantine(source, quarantine_id)
    return [Aside(*row) for row in rows]


def count_waiting(db: duckdb.DuckDBPyConnection, source: str) -> int:
    """Return how many rows of a source wait."""
    if not _has_quarantine(db, source):
        return 0
    counted = f"select count(*) from raw_{source}.{QUARANTINE.name} where {OPEN}"
    return int(db.execute(counted).fetchall()[0][0])


def _has_quarantine(db: duckdb.DuckDBPyConnection, source: str) -> bool:
    return has(db, f"raw_{source}.{QUARANTINE.name}")


def replay(
    connector: Connector, landing: Landing, tried: Sequence[Aside], mended: Mapping[str, str]
) -> Replayed:
    """Convert rows again as the connector declares them today, and load those that fit.

    `mended` {quarantine_id: JSON} stands in for the record as it came. The raw door stays open: a
    person asked for it. Killed on the way, the next replay finds what is in raw unchanged.
    """
    fitting, misfits = _sorted_out(connector, tried, mended)
    with connect(landing.warehouse) as db:
        late = {
            row.quarantine_id
            for row, good in fitting
            if _is_superseded(db, connector.name, connector.table(row.table), good, row.load_id)
        }
    going: dict[str, list[pa.Table]] = {}
    for row, good in fitting:
        if row.quarantine_id not in late:
            going.setdefault(row.table, []).append(good)
    loaded = load(_once_more(connector, going), landing, lambda *_: []) if going else None
    went = {row.quarantine_id for row, _ in fitting} - late
    if loaded and loaded.problem:
        went = set()
    with turn(landing.warehouse), connect(landing.warehouse) as db:
        _mark(db, connector.name, went, "replayed")
        _mark(db, connector.name, late, "superseded")
    return Replayed(frozenset(went), frozenset(late), tuple(misfits), loaded)


def _sorted_out(
    connector: Connector, tried: Sequence[Aside], mended: Mapping[str, str]
) -> tuple[list[tuple[Aside, pa.Table]], list[Aside]]:
    """Return the rows that fit today, with their one-row table, and those that do not."""
    tables = {table.name: table for table in connector.tables}
    fitting, misfits = [], []
    for row in tried:
        if row.table not in tables:  # a whole file or export: nothing of it is kept here
            misfits.append(replace(row, reason=f"{row.reason}; `ax load {connector.name}`"))
            continue
        record = json.loads(mended.get(row.quarantine_id, row.record))
        page = convert(record, Tally(tables[row.table]))
        if page.bad.num_rows:
            misfits.append(replace(row, reason=page.bad["reason"][0].as_py()))
        else:
            fitting.append((row, page.good))
    return fitting, misfits


def _is_superseded(
    db: duckdb.DuckDBPyConnection, source: str, table: Table, good: pa.Table, load_id: str
) -> bool:
    """Say whether raw holds the row as it was later: by its own time, else by the load."""
    same = " and ".join(f'current."{name}" = good."{name}"' for name in table.key)
    later = f'current."{table.time}" > good."{table.time}"' if table.time else "null"
    found = db.execute(
        f"select 1 from raw_{source}.{table.name} as current inner join good on {same} "
        f"where coalesce({later}, current._dlt_load_id > ?)",
        [load_id],
    )
    return found.fetchone() is not None


def _once_more(connector: Connector, going: Mapping[str, Sequence[pa.Table]]) -> Connector:
    """Return the connector with a source that sends these rows; its cursors stay as they are."""

    def source() -> DltSource:
        @dlt.source(name=connector.name, section=connector.name)
        def again() -> Iterator[DltResource]:
            for name, goods in going.items():
                yield dlt.resource([_page(goods)], name=name)

        return again()

    # A few rows are no list: what was listed last stays what the next load is measured against.
    tables = tuple(replace(connector.table(name), is_whole=False) for name in going)
    return replace(connector, tables=tables, source=source)


def _page(goods: Sequence[pa.Table]) -> Page:
    return Page(pa.concat_tables(goods), arrow_schema(QUARANTINE).empty_table())


def _mark(db: duckdb.DuckDBPyConnection, source: str, ids: Collection[str], reason: str) -> None:
    if ids:
        db.execute(
            f"update raw_{source}.{QUARANTINE.name} set _deleted_reason = ? "
            "where list_contains(?, quarantine_id)",
            [reason, list(ids)],
        )
