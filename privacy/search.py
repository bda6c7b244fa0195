"""Where values stand: every column of every table, and the raw bytes of every file, below a folder.

DuckDB, Parquet and SQLite are read decoded, for what they hold is compressed; archives are read
unpacked. What can not be opened is an error, never a file without a finding.
"""

import base64
import gzip
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from privacy.values import Values
from storage.sql import named, quoted

CHUNK = 1 << 22
PACKED = b"eNq"  # how dlt's state begins: zlib in base64


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that holds a value: the file, the relation in it ('' for its bytes), and its rows."""

    file: Path
    relation: str
    rows: int


def search(root: Path, values: Values, leave_out: Collection[Path] = ()) -> Iterator[Hit]:
    """Yield every place below a folder, or in a file, that holds one of the values."""
    for file in files(root, leave_out):
        decoded = DECODED.get(file.suffix)
        if decoded:
            yield from decoded(file, values)
        if found := in_bytes(file, values):
            yield Hit(file, "", found)


def files(root: Path, leave_out: Collection[Path] = ()) -> Iterator[Path]:
    """Yield every file below a folder, or the file itself; links lead to files that come anyway."""
    for file in sorted(path for path in [root, *root.rglob("*")] if path.is_file()):
        if not file.is_symlink() and not any(file.is_relative_to(other) for other in leave_out):
            yield file


def text_of(file: Path) -> str | None:
    """Return a file's text; None where it is none."""
    if file.suffix in DECODED or file.suffix in UNPACKED:
        return None
    content = file.read_bytes()
    if b"\0" in content:
        return None
    with suppress(UnicodeDecodeError):
        return content.decode()
    return None


def in_bytes(file: Path, values: Values) -> int:
    """Return how often a value stands in a file, packed or not."""
    text = text_of(file)
    if text is not None:
        return len(values.pattern.findall(text)) if values.are_in(text) else 0
    overlap = max(map(len, values.in_bytes), default=0)
    count, before = 0, b""
    for chunk in _unpacked(file):
        window = before + chunk
        low = window.lower()  # of ASCII alone; a value in other letters is found as it is written
        count += sum(low.count(text) for text in values.in_bytes)
        before = window[-overlap + 1 :] if overlap > 1 else b""
    return count


def in_duckdb(file: Path, values: Values) -> Iterator[Hit]:
    """Yield the relations of a DuckDB file that hold a value."""
    with closing(duckdb.connect(str(file), read_only=True)) as db:
        yield from in_tables(db, file, values)


def in_tables(db: duckdb.DuckDBPyConnection, file: Path, values: Values) -> Iterator[Hit]:
    """Yield the relations of an open database that hold a value, as hits of a file."""
    for schema, table in tables(db):
        rows = len(rows_with(db, named(schema, table), values))
        if rows:
            yield Hit(file, f"{schema}.{table}", rows)


def in_parquet(file: Path, values: Values) -> Iterator[Hit]:
    """Yield the file if a row of it holds a value."""
    with closing(duckdb.connect()) as db:
        relation = f"read_parquet({quoted(str(file))}, file_row_number = true)"
        if rows := len(rows_with(db, relation, values, "file_row_number")):
            yield Hit(file, file.stem, rows)


def in_sqlite(file: Path, values: Values) -> Iterator[Hit]:
    """Yield the tables of a SQLite file that hold a value."""
    with closing(sqlite3.connect(file)) as db:
        names = db.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in names:
            rows = sum(
                any(values.are_in(cell) for cell in map(_text, row) if cell)
                for row in db.execute(f"select * from {named(table)}")
            )
            if rows:
                yield Hit(file, table, rows)


def tables(db: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return schema and name of every table of the file that is open."""
    return db.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database() and not temporary order by all"
    ).fetchall()


def rows_with(
    db: duckdb.DuckDBPyConnection, relation: str, values: Values, number: str = "rowid"
) -> dict[int, dict[str, str]]:
    """Return the cells of each row that holds a value, by the row's number: {column: text}.

    SQL finds the few that may; whether a value stands there whole is decided by its pattern.
    """
    found: dict[int, dict[str, str]] = {}
    for column in searched(db, relation, values):
        text = f"cast({named(column)} as varchar)"
        may = values.may_be_in(text)
        if column == "state":
            may = f"({may} or starts_with({text}, {quoted(PACKED.decode())}))"
        cells = db.execute(f"select {number}, {text} from {relation} where {may}").fetchall()
        for row, cell in cells:
            if values.are_in(_text(cell) or ""):
                found.setdefault(row, {})[column] = cell
    return found


def searched(db: duckdb.DuckDBPyConnection, relation: str, values: Values) -> list[str]:
    """Return the columns that can hold a value: whole numbers only where a value is one."""
    has_number = any(value.text.isdigit() for value in values.values)
    kinds = ("VARCHAR", "JSON", "BLOB", "UUID", "STRUCT", "MAP") + (
        ("BIGINT", "HUGEINT", "UBIGINT") if has_number else ()
    )
    described = db.execute(f"describe from {relation}").fetchall()
    return [
        name
        for name, kind, *_ in described
        if (kind.startswith(kinds) or kind.endswith("[]")) and name != "file_row_number"
    ]


def _text(cell: object) -> str | None:
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    if not isinstance(cell, str):
        return None if cell is None else str(cell)
    if cell.startswith(PACKED.decode()):
        with suppress(ValueError, zlib.error):
            return zlib.decompress(base64.b64decode(cell)).decode("utf-8", "replace")
    return cell


def _unpacked(file: Path) -> Iterator[bytes]:
    yield from UNPACKED.get(file.suffix, _chunks)(file)


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as content:
        while chunk := content.read(CHUNK):
            yield chunk


def _gzip(file: Path) -> Iterator[bytes]:
    with gzip.open(file) as content:
        while chunk := content.read(CHUNK):
            yield chunk


def _zip(file: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(file) as members:
        for name in members.namelist():
            content = members.read(name)
            # numpy writes words four bytes a letter.
            yield content
            yield content.replace(b"\0", b"")


DECODED: dict[str, Callable[[Path, Values], Iterator[Hit]]] = {
    ".duckdb": in_duckdb,
    ".parquet": in_parquet,
    ".db": in_sqlite,
    ".sqlite": in_sqlite,
}
UNPACKED: dict[str, Callable[[Path], Iterator[bytes]]] = {
    ".gz": _gzip,
    ".npz": _zip,
    ".xlsx": _zip,
}
