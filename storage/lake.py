"""A lake: DuckLake's catalog in a PostgreSQL, its rows as Parquet files in a shared folder.

Many machines read and write it at once. The extensions come in wheels and are loaded from there, so
nothing is fetched; a password is never part of an address but found by libpq's own means.
"""

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from storage.errors import NoCatalog, NoExtension, NoFolder
from storage.sql import quoted

# Of the database that a connection shows, as dbt writes it before each relation.
NAME = "warehouse"
# Of the catalog's tables in the PostgreSQL, so that other things may lie in the same database.
SCHEMA = "lake"
EXTENSIONS = ("duckdb_extension_postgres_scanner", "duckdb_extension_ducklake")
# Rows lie in files alone: of small inserts DuckLake would keep them in its catalog, where whoever
# looks after that database reads what is restricted, and its backups hold what was erased.
ROWS_IN_CATALOG = 0


@dataclass(frozen=True, slots=True)
class Lake:
    """The address of a lake's catalog (`postgresql://user@host/database`) and of its files."""

    catalog: str
    files: str

    def __str__(self) -> str:
        return f"the lake of {self.catalog}"

    def exists(self) -> bool:
        """Say whether anything was ever loaded into it."""
        with opened(self) as db:
            found = db.execute(
                "select 1 from duckdb_columns() where database_name = current_database() limit 1"
            )
            return found.fetchone() is not None

    @property
    def address(self) -> str:
        """The catalog's address, as SQL writes it."""
        return quoted(self.catalog)

    def attachment(self, name: str, read_only: bool = False) -> str:
        """Return the statement that shows the lake as a database of this name."""
        options = [f"data_path {quoted(self.files)}", f"metadata_schema '{SCHEMA}'"]
        options += [f"data_inlining_row_limit {ROWS_IN_CATALOG}"]
        options += ["read_only"] if read_only else []
        address = quoted(f"ducklake:postgres:{self.catalog}")
        return f"attach if not exists {address} as {name} ({', '.join(options)})"


def extensions() -> list[str]:
    """Return the files of DuckDB's extensions that a lake needs, as their wheels hold them."""
    return [_extension(package) for package in EXTENSIONS]


def load_extensions(db: duckdb.DuckDBPyConnection) -> None:
    """Let a connection speak to lakes."""
    for file in extensions():
        db.execute(f"load {quoted(file)}")


def opened(lake: Lake) -> duckdb.DuckDBPyConnection:
    """Return a connection in which the lake is the database that names without one mean.

    Raises:
        NoExtension, NoCatalog, NoFolder: it can not be.
    """
    # By name: who opens it while another thread has it open shares what is loaded and attached.
    db = duckdb.connect(f":memory:{hash(lake):x}")
    try:
        attach(db, lake, NAME)
        db.execute(f"use {NAME}")
    except BaseException:
        db.close()
        raise
    return db


def attach(db: duckdb.DuckDBPyConnection, lake: Lake, name: str, read_only: bool = False) -> None:
    """Show the lake in a connection as a database of this name."""
    load_extensions(db)
    _look_at(lake)
    try:
        db.execute(lake.attachment(name, read_only))
    except duckdb.Error as failure:
        raise NoCatalog(lake.catalog, last_words(failure)) from failure
    if not read_only:
        _keep_rows_in_files(db, name)


def _keep_rows_in_files(db: duckdb.DuckDBPyConnection, name: str) -> None:
    """Say so in the catalog itself, for whoever attaches the lake without the word."""
    said = db.execute(
        "select 1 from ducklake_options(?) where option_name = 'data_inlining_row_limit'", [name]
    )
    if not said.fetchall():
        db.execute(f"call {name}.set_option('data_inlining_row_limit', {ROWS_IN_CATALOG})")


def _look_at(lake: Lake) -> None:
    folder = Path(lake.files)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise NoFolder(lake.files, str(failure.strerror)) from failure
    if not os.access(folder, os.W_OK | os.X_OK):
        raise NoFolder(lake.files, "not for this user")


def _extension(package: str) -> str:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise NoExtension(package.replace("_", "-"), "ducklake", "lake")
    return str(next(Path(found.origin).parent.rglob("*.duckdb_extension")))


def last_words(failure: duckdb.Error) -> str:
    """Return what DuckDB says of a failure, in one line."""
    return " ".join(str(failure).split(": ", 1)[-1].split())[-300:]
