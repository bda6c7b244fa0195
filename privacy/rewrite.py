"""Files written anew, so that what was deleted from them is not in their free pages either."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb

from ingestion.durable import flush
from privacy.values import ERASED, Values
from storage import Lake, Warehouse
from storage.cleaning import purge
from storage.sql import named, quoted


def warehouse(where: Warehouse) -> None:
    """Leave nothing in the warehouse of what was deleted from it."""
    if isinstance(where, Lake):
        purge(where)
    else:
        duckdb_file(where)


def duckdb_file(file: Path) -> None:
    """Copy a DuckDB file into a new one of its format and rename that over it.

    A kill leaves the old one whole.
    """
    new = file.with_name(f".{file.name}.rewritten")
    for left in (new, new.with_name(f"{new.name}.wal")):
        left.unlink(missing_ok=True)
    with closing(duckdb.connect(str(file))) as db:
        db.execute("checkpoint")
    with closing(duckdb.connect()) as db:
        # Under its own name, which its views have written down.
        db.execute(f"attach {quoted(str(file))} as {named(file.stem)} (read_only)")
        db.execute(
            f"attach {quoted(str(new))} as rewritten (storage_version {quoted(_format(db, file))})"
        )
        db.execute(f"copy from database {named(file.stem)} to rewritten")
        db.execute("checkpoint rewritten")
    swap(new, file)
    file.with_name(f"{file.name}.wal").unlink(missing_ok=True)


def _format(db: duckdb.DuckDBPyConnection, file: Path) -> str:
    """Return the oldest DuckDB that can read a file which is attached under its own name."""
    found = db.execute(
        "select tags['storage_version'] from duckdb_databases() where database_name = ?",
        [file.stem],
    ).fetchall()
    return str(found[0][0]).removesuffix("+")


def sqlite_file(file: Path, values: Values) -> dict[str, int]:
    """Redact every text of a SQLite file and vacuum it; return changed rows by table."""
    changed = {}
    with closing(sqlite3.connect(file, timeout=60)) as db:
        db.execute("pragma secure_delete = on")
        names = db.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in names:
            rows = 0
            columns = [c[1] for c in db.execute(f"pragma table_info({named(table)})")]
            listed = ", ".join(map(named, columns))
            for number, *cells in db.execute(f"select rowid, {listed} from {named(table)}"):
                clean = {
                    column: values.redact(cell)
                    for column, cell in zip(columns, cells, strict=True)
                    if isinstance(cell, str) and values.are_in(cell)
                }
                if clean:
                    rows += 1
                    sets = ", ".join(f"{named(column)} = ?" for column in clean)
                    db.execute(
                        f"update {named(table)} set {sets} where rowid = ?",
                        [*clean.values(), number],
                    )
            if rows:
                changed[table] = rows
        db.commit()
        db.execute("vacuum")
        db.execute("pragma wal_checkpoint(truncate)")
    return changed


def text_file(file: Path, values: Values) -> int:
    """Redact a text file; return in how many places."""
    text = file.read_text()
    clean, places = values.pattern.subn(ERASED, text)
    if places:
        new = file.with_name(f".{file.name}.rewritten")
        new.write_text(clean)
        swap(new, file)
    return places


def swap(new: Path, file: Path) -> None:
    """Make a file durable and give it another's name and mode, in one step."""
    shutil.copymode(file, new)
    flush(new)
    os.replace(new, file)
    flush(file.parent)
