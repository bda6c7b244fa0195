"""Link the rows of a plain table, CSV or Parquet, as a YAML file says what its columns are."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from identity.persons import Account, recognise
from identity.records import BadColumns, Layout, layout, load, scratch
from storage.sql import named, quoted

READERS = {
    ".csv": "read_csv({file}, all_varchar = true, header = true, skip = 0, sample_size = -1"
    "{encoding})",
    ".parquet": "read_parquet({file})",
}
WRITERS = {".csv": "format csv, header true", ".parquet": "format parquet"}


class TableError(Exception):
    """A table can not be linked; the message names the cause and the remedy."""


class Config(BaseModel):
    """What the columns of a table are."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    record: str
    source: str | None = None
    one_row_a_person: Literal["all"] | list[str] = Field(default_factory=list)
    country: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    columns: dict[str, str]


def read_config(file: Path) -> Config:
    """Read a config; raise TableError if it is none."""
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise TableError(f"{file} can not be read ({problem.strerror}); name a YAML file") from None
    except UnicodeDecodeError:
        raise TableError(f"{file} is not UTF-8; save it as UTF-8 text") from None
    except yaml.YAMLError as problem:
        where = " ".join(str(problem).split())
        raise TableError(f"{file} is not YAML ({where}); mend it there") from None
    try:
        return Config.model_validate(read)
    except ValidationError as problem:
        first = problem.errors()[0]
        entry = ".".join(str(part) for part in first["loc"]) or "the file"
        raise TableError(
            f"{file}: {entry}: {first['msg'][0].lower()}{first['msg'][1:]}; "
            "`ax identity link --help` shows an example"
        ) from None


def link(file: Path, config: Config, out: Path, say: Callable[[str], None]) -> Account:
    """Write the person of each record of `file` to `out` and return what it came to.

    Columns of `out`: record_id, person_id, linked_to, evidence, probability (`persons.recognise`).
    `say` is handed sentences on what takes long or was set aside. Raises TableError.
    """
    writer = WRITERS.get(out.suffix.lower())
    if writer is None:
        raise TableError(f"{out} is neither .csv nor .parquet; give --out one of these endings")
    if not out.parent.is_dir():
        raise TableError(f"the folder {out.parent} does not exist; make it, or name another --out")
    if out.exists() and file.exists() and out.samefile(file):
        raise TableError(f"{out} is the table itself; name another file with --out")
    account = Account()
    with scratch() as db:
        try:
            shape = layout(config.columns)
            with account.stage("read"):
                _read(db, file, config, shape, say)
            one_row = _one_row_sources(db, config)
            with account.stage("fold"):
                for column, count in load(db, _numbered(config, shape), config.country).items():
                    say(_too_long(_named(config, column), count))
            recognise(db, _numbered(config, shape), one_row, account, say)
        except BadColumns as problem:
            raise TableError(str(problem)) from None
        with account.stage("write"):
            _write(db, out, writer)
    return account


def _too_long(column: str, count: int) -> str:
    return f"{count:,} values of {column} are set aside: longer than any name, address or number"


def _read(
    db: duckdb.DuckDBPyConnection,
    file: Path,
    config: Config,
    shape: Layout,
    say: Callable[[str], None],
) -> None:
    """Create table `source` as `records.load` wants it, its columns numbered."""
    if not file.is_file():
        raise TableError(f"{file} is no file; name a CSV or Parquet file")
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise TableError(f"{file} is neither .csv nor .parquet; rename or convert it")
    _refuse_nul(file)
    try:
        _open(db, file, reader, "")
    except duckdb.Error as problem:
        if "not utf-8" not in str(problem).lower() and "encod" not in str(problem).lower():
            raise TableError(_unreadable(file, problem)) from None
        say(f"{file} is not UTF-8; it is read as Latin-1")
        try:
            _open(db, file, reader, ", encoding = 'latin-1'")
        except duckdb.Error as again:
            raise TableError(_unreadable(file, again)) from None
    _check_columns(db, file, config)
    chosen = [
        f"{named(config.record)}::varchar as record_id",
        f"{named(config.source)}::varchar as source_id" if config.source else "null as source_id",
        "null as group_id",
        *(f"{named(c)}::varchar as c{n}" for n, c in enumerate(config.columns)),
    ]
    db.execute(f"create table source as select {', '.join(chosen)} from typed")
    db.execute("drop table typed")
    _check_ids(db, file, config)


def _open(db: duckdb.DuckDBPyConnection, file: Path, reader: str, encoding: str) -> None:
    name = quoted(str(file))
    db.execute(f"create table typed as from {reader.format(file=name, encoding=encoding)}")


def _unreadable(file: Path, problem: duckdb.Error) -> str:
    first = " ".join(str(problem).split("\n")[0].split())[:200]
    return f"{file} can not be read ({first}); mend that place or save the table again"


def _refuse_nul(file: Path) -> None:
    """Refuse text with NUL bytes, which are UTF-16 or a damaged file, never a value."""
    if file.suffix.lower() != ".csv":
        return
    with file.open("rb") as read:
        while block := read.read(1 << 20):
            if b"\0" in block:
                raise TableError(f"{file} holds NUL bytes; save it as UTF-8 text")
    if not file.stat().st_size:
        raise TableError(f"{file} is empty; give a table with a header and records")


def _check_columns(db: duckdb.DuckDBPyConnection, file: Path, config: Config) -> None:
    there = [name for name, *_ in db.execute("describe typed").fetchall()]
    wanted = [config.record, *([config.source] if config.source else []), *config.columns]
    missing = [column for column in wanted if column not in there]
    if missing:
        raise TableError(
            f"{file} has no column {' or '.join(missing)}; it has {', '.join(there)[:500]}"
        )
    if not db.execute("select count(*) from typed").fetchall()[0][0]:
        raise TableError(f"{file} holds no record below its header; give a table with records")


def _check_ids(db: duckdb.DuckDBPyConnection, file: Path, config: Config) -> None:
    unnamed = db.execute(
        "select count(*) from source where record_id is null or trim(record_id) = ''"
    ).fetchall()[0][0]
    if unnamed:
        raise TableError(
            f"{file}: {unnamed:,} records have no {config.record}; give each one, or name another "
            "column under `record`"
        )
    twice = db.execute(
        "select record_id, count(*) from source group by record_id having count(*) > 1 order by 1"
    ).fetchall()
    if twice:
        raise TableError(
            f"{file}: {config.record} {twice[0][0]} is on {twice[0][1]:,} records "
            f"({len(twice):,} such ids); make it unique, or name another column under `record`"
        )


def _one_row_sources(db: duckdb.DuckDBPyConnection, config: Config) -> list[str]:
    if not config.one_row_a_person:
        return []
    if not config.source:
        raise TableError("one_row_a_person needs the column that names the source; add `source`")
    there = [
        source
        for (source,) in db.execute(
            "select distinct source_id from source where source_id is not null order by 1"
        ).fetchall()
    ]
    if config.one_row_a_person == "all":
        return there
    unknown = [source for source in config.one_row_a_person if source not in there]
    if unknown:
        raise TableError(
            f"one_row_a_person names {', '.join(unknown)}, which {config.source} never says; it "
            f"says {', '.join(there)[:500]}"
        )
    return list(config.one_row_a_person)


def _numbered(config: Config, shape: Layout) -> Layout:
    """Return the layout with the names that the columns have in `source`."""
    number = {column: f"c{n}" for n, column in enumerate(config.columns)}
    return Layout(
        {kind: [number[column] for column in of] for kind, of in shape.kinds.items()},
        [number[column] for column in shape.strong],
    )


def _named(config: Config, number: str) -> str:
    return list(config.columns)[int(number[1:])]


def _write(db: duckdb.DuckDBPyConnection, out: Path, writer: str) -> None:
    """Write beside and rename, so that nobody ever reads half a file."""
    with _beside(out) as part:
        name = quoted(str(part))
        try:
            db.execute(f"copy (from persons) to {name} ({writer})")
        except duckdb.Error as problem:
            raise TableError(
                f"{out} can not be written ({problem}); free it or name another"
            ) from None


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    part = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        yield part
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
