"""From a file to a relation of text columns in DuckDB: copied once, hashed, and opened by kind.

Columns get names by their position, so what a header says never becomes SQL.
"""

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import duckdb

from ingestion.connectors.files.mapping import FileMapping
from ingestion.mapping.texts import UNSTORABLE, Opened, Unreadable
from storage.sql import named, quoted

CHUNK = 1 << 20
EXCEL = (".xlsx", ".xls", ".xlsb", ".ods")
LONGEST_LINE = 16 << 20  # bytes; a longer one is a quote that never closes
BUFFER = 32 << 20  # bytes; else DuckDB takes sixteen times the longest line
UNFINISHED = (".part", ".tmp", ".crdownload", ".partial")


class UnreadableFile(Unreadable):
    """A file of the inbox that can not be read; the others are."""

    def __init__(self, file_name: str, what: str, remedy: str) -> None:
        super().__init__("files", file_name, what, remedy)


@dataclass(frozen=True, slots=True)
class Copy:
    """A private copy of a file as it was at one moment."""

    path: Path
    sha256: str
    size: int
    mtime_ns: int


def is_finished(path: Path) -> bool:
    """Whether a name is that of a file which is not still being written, edited or hidden."""
    is_aside = path.name.startswith((".", "~$")) or path.name.lower().endswith(UNFINISHED)
    return path.is_file() and not is_aside


def copy_whole(path: Path, folder: Path) -> Copy | None:
    """Copy a file and hash it in one pass; None when it changes meanwhile."""
    before, digest, copy = path.stat(), hashlib.sha256(), folder / "copy"
    with path.open("rb") as original, copy.open("wb") as target:
        for chunk in _chunks(original):
            digest.update(chunk)
            target.write(chunk)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return None
    return Copy(copy, digest.hexdigest(), after.st_size, after.st_mtime_ns)


def _chunks(stream: io.BufferedIOBase | gzip.GzipFile) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def open_file(
    db: duckdb.DuckDBPyConnection, file_name: str, copy: Copy, mapping: FileMapping
) -> Opened:
    """Open a copy as text columns; raise `UnreadableFile` where that can not be done."""
    if not copy.size:
        raise UnreadableFile(file_name, "is empty", "drop it again whole")
    kind = next((kind for kind in OPENERS if file_name.lower().endswith(kind)), None)
    if kind is None:
        raise UnreadableFile(
            file_name, "is none of CSV, Parquet and Excel", "save it as one or take it away"
        )
    opened = OPENERS[kind](db, file_name, copy.path, mapping)
    for column in mapping.headers:
        _require(file_name, column, opened.header, mapping)
    return opened


def _require(file_name: str, column: str, header: Sequence[str], mapping: FileMapping) -> None:
    """Raise where the file does not have a column exactly once."""
    if header.count(column) == 1:
        return
    if column in header:
        what = f"has the column {column!r} {header.count(column)} times"
    else:
        nearest = get_close_matches(column, header, n=1, cutoff=0.5)
        what = f"has no column {column!r}" + (f" (nearest: {nearest[0]!r})" if nearest else "")
    raise UnreadableFile(file_name, what, f"correct the mapping {mapping.kind} or the file")


def _open_csv(
    db: duckdb.DuckDBPyConnection, file_name: str, path: Path, mapping: FileMapping
) -> Opened:
    text = path.with_suffix(".csv")
    _to_utf8(file_name, path, text, mapping.encoding)
    header = _csv_header(text, mapping.delimiter)
    names = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(header)))
    relation = (
        f"read_csv({quoted(str(text))}, auto_detect = false, header = true, quote = '\"', "
        f"escape = '\"', delim = {quoted(mapping.delimiter)}, columns = {{{names}}}, "
        f"store_rejects = true, max_line_size = {LONGEST_LINE}, buffer_size = {BUFFER})"
    )
    return Opened(relation, header)


def _csv_header(path: Path, delimiter: str) -> tuple[str, ...]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return tuple(name.strip() for name in next(csv.reader(text, delimiter=delimiter)))


def _to_utf8(file_name: str, path: Path, target: Path, encoding: str) -> None:
    """Write the text of a CSV, unpacked where it is packed, as UTF-8."""
    is_packed = file_name.lower().endswith(".gz")
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with gzip.open(path) if is_packed else path.open("rb") as packed, target.open("wb") as out:
            for chunk in _chunks(packed):
                out.write(decoder.decode(chunk).replace("\0", UNSTORABLE).encode())
            out.write(decoder.decode(b"", final=True).encode())
    except (gzip.BadGzipFile, EOFError, zlib.error) as broken:
        raise UnreadableFile(file_name, f"is broken ({broken})", "drop it again whole") from broken
    except UnicodeError as wrong:
        remedy = f"name its encoding in the mapping (it says {encoding}; Excel writes cp1252)"
        raise UnreadableFile(file_name, f"is not {encoding} ({wrong.reason})", remedy) from wrong  # type: ignore[attr-defined]
    if not target.stat().st_size:
        raise UnreadableFile(file_name, "is empty", "drop it again whole")


def _open_parquet(
    db: duckdb.DuckDBPyConnection, file_name: str, path: Path, mapping: FileMapping
) -> Opened:
    relation = f"read_parquet({quoted(str(path))})"
    try:
        described = db.execute(f"describe from {relation}").fetchall()
    except duckdb.Error as broken:
        what = f"is no whole Parquet file ({str(broken).splitlines()[0][:120]})"
        raise UnreadableFile(file_name, what, "drop it again whole") from broken
    wanted = set(mapping.headers)
    texts = [
        f"{_as_text(name, kind)} as c{position}"
        for position, (name, kind, *_) in enumerate(described)
        if name in wanted
    ]
    exact = frozenset(
        position for position, (_, kind, *_) in enumerate(described) if kind != "VARCHAR"
    )
    header = tuple(name for name, *_ in described)
    return Opened(f"(select {', '.join(texts) or '1'} from {relation})", header, exact)


def _as_text(name: str, kind: str) -> str:
    """Return a column as a CSV of it would say it: whole numbers without a decimal point."""
    column = named(name)
    if kind not in {"FLOAT", "DOUBLE"}:
        return f"replace(cast({column} as varchar), chr(0), {quoted(UNSTORABLE)})"
    return (
        f"case when isnan({column}) then null "
        f"when {column} = trunc({column}) and abs({column}) < 1e15 "
        f"then cast(cast({column} as bigint) as varchar) else cast({column} as varchar) end"
    )


def _open_excel(
    db: duckdb.DuckDBPyConnection, file_name: str, path: Path, mapping: FileMapping
) -> Opened:
    import pandas as pd  # slow to import, and few inboxes hold Excel
    from python_calamine import CalamineError

    try:
        cells = pd.read_excel(
            path,
            sheet_name=mapping.sheet or 0,
            header=None,
            dtype=object,
            na_filter=False,
            engine="calamine",
        )
    except (CalamineError, ValueError) as broken:
        what = f"is no whole Excel file or lacks the sheet ({str(broken)[:120]})"
        raise UnreadableFile(file_name, what, "drop it again, or name its sheet") from broken
    if cells.empty:
        raise UnreadableFile(file_name, "is empty", "drop it again whole")
    header = tuple(str(name).strip() for name in cells.iloc[0])
    texts = cells.iloc[1:].astype(str)
    for column in {part.column for part in mapping.reads.values() if part.decimal == ","}:
        for position in (place for place, name in enumerate(header) if name == column):
            is_number = cells.iloc[1:, position].map(type).isin([int, float])
            point = texts[position].str.replace(".", ",", regex=False)
            texts[position] = texts[position].where(~is_number, point)
    texts.columns = pd.Index([f"c{position}" for position in range(len(header))])
    db.register("excel", texts)
    return Opened("excel", header, is_mixed=True)


Opener = Callable[[duckdb.DuckDBPyConnection, str, Path, FileMapping], Opened]
OPENERS: dict[str, Opener] = {
    ".csv": _open_csv,
    ".csv.gz": _open_csv,
    ".parquet": _open_parquet,
    **dict.fromkeys(EXCEL, _open_excel),
}
