"""How long what is kept: rows past their time, and rows that the law holds for a while longer.

Rows under the law lie in a file of their own, which no model, export or label ever opens.
"""

from collections.abc import Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from ingestion.connector import Connector
from privacy.rows import RAW, begin, counts, delete, doom, hangs, marked
from privacy.search import tables
from privacy.terms import Retention
from storage.sql import named, quoted


def dated(connector: Connector, table: str) -> str | None:
    """Return the column that says how old a row is; None where rows are not records of a time."""
    whose = connector.whose[table]
    return whose.at or connector.table(table).time


def expire(
    db: duckdb.DuckDBPyConnection,
    connectors: Mapping[str, Connector],
    kept: Mapping[str, Retention],
    as_of: datetime,
) -> dict[str, int]:
    """Delete records older than their source's days, with what hangs on them; return rows.

    Who somebody is, the rows of accounts, is no record: it goes with the vendor's word or an
    erasure.
    """
    begin(db)
    there = set(tables(db))
    for name, connector in connectors.items():
        days = kept.get(name, Retention()).days
        if days is not None:
            _mark_old(db, connector, as_of - timedelta(days=days), there)
    gone = counts(db)
    delete(db)
    return gone


def _mark_old(
    db: duckdb.DuckDBPyConnection,
    connector: Connector,
    before: datetime,
    there: set[tuple[str, str]],
) -> None:
    schema = f"{RAW}{connector.name}"
    present = {table: w for table, w in connector.whose.items() if (schema, table) in there}
    conditions = [
        (table, f"{named(column)} < {quoted(before.isoformat())}::timestamptz")
        for table, whose in present.items()
        if (column := dated(connector, table)) and connector.table(table).key[0] != whose.own
    ]
    conditions += [
        (table, hangs(schema, column, parent))
        for table, whose in present.items()
        for column, parent in whose.part_of.items()
    ]
    for table, condition in conditions:
        doom(db, schema, table, condition)


def hold(
    db: duckdb.DuckDBPyConnection,
    file: Path,
    connectors: Mapping[str, Connector],
    kept: Mapping[str, Retention],
    as_of: datetime,
    receipt: str,
) -> None:
    """Copy the marked rows that the law wants kept into the file of held rows, with the last day.

    Done once for a receipt, however often it is tried.
    """
    found = counts(db)
    wanted = [
        (connector, table, days)
        for name, connector in connectors.items()
        if (days := kept.get(name, Retention()).statutory_days) is not None
        for table in connector.whose
        if f"{RAW}{name}.{table}" in found
    ]
    if not wanted:
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    db.execute(f"attach {quoted(str(file))} as held")
    try:
        for connector, table, days in wanted:
            _hold(db, connector, table, days, as_of, receipt)
    finally:
        db.execute("detach held")
    file.chmod(0o600)


def _hold(
    db: duckdb.DuckDBPyConnection,
    connector: Connector,
    table: str,
    days: int,
    as_of: datetime,
    receipt: str,
) -> None:
    relation = f"{RAW}{connector.name}.{table}"
    column = dated(connector, table)
    since = f"cast({named(column)} as date)" if column else "null"
    rows = f"""
        select *, {quoted(receipt)} as receipt,
            coalesce({since}, date {quoted(as_of.date().isoformat())}) + {days} as held_until
        from {marked(relation)}
    """
    target = f"held.main.{named(relation)}"
    db.execute(f"create table if not exists {target} as {rows} limit 0")
    db.execute(
        f"insert into {target} by name select * from ({rows}) "
        f"where held_until > date {quoted(as_of.date().isoformat())} "
        f"and receipt not in (select receipt from {target})"
    )


def held(file: Path, receipt: str) -> dict[str, tuple[int, date]]:
    """Return, by relation, how many rows are held for a receipt and until when the last one is."""
    if not file.exists():
        return {}
    with closing(duckdb.connect(str(file))) as db:
        found = {}
        for _, table in tables(db):
            rows, until = db.execute(
                f"select count(*), max(held_until) from {named(table)} where receipt = ?", [receipt]
            ).fetchall()[0]
            if rows:
                found[table] = (rows, until)
        return found


def release(file: Path, as_of: datetime) -> dict[str, int]:
    """Delete held rows whose last day is past; return rows by relation."""
    if not file.exists():
        return {}
    gone = {}
    with closing(duckdb.connect(str(file))) as db:
        for _, table in tables(db):
            done = db.execute(
                f"delete from {named(table)} where held_until <= ?", [as_of.date()]
            ).fetchall()
            if done[0][0]:
                gone[table] = int(done[0][0])
    return gone
