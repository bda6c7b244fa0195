"""A lake for tests: a PostgreSQL server of its own, a database of its own, a folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from benchmarks.postgres_server import PASSWORD, Server, binaries, running
from storage import Lake

NUMBERS = count(1)
SECRET = {"PGPASSWORD": PASSWORD}  # as libpq looks for it


@contextmanager
def server() -> Iterator[Server]:
    """Start a server, or skip where its programs are not there."""
    if binaries() is None:
        pytest.skip("no PostgreSQL server here; apt-get install postgresql brings its programs")
    with running() as started:
        yield started


def let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process, and those that it starts, know the password."""
    for name, value in SECRET.items():
        monkeypatch.setenv(name, value)


def catalog(on: Server, database: str = "postgres", user: str = "ax") -> str:
    return f"postgresql://{user}@127.0.0.1:{on.port}/{database}"


def empty_lake(on: Server, folder: Path) -> Lake:
    """Return a lake in which nothing lies yet."""
    name = f"lake{next(NUMBERS)}"
    on.run(f"create database {name}")
    return Lake(catalog(on, name), str(folder / "files"))


def environment(lake: Lake) -> dict[str, str]:
    """Return what makes a command work on a lake."""
    return {
        "AX_TARGET": "ducklake",
        "AX_LAKE_CATALOG": lake.catalog,
        "AX_LAKE_FILES": lake.files,
        **SECRET,
    }


def in_catalog(on: Server, lake: Lake, text: str) -> list[str]:
    """Return the catalog's tables in which a text stands, in whatever column."""
    name = lake.catalog.rpartition("/")[2]
    there = on.run(
        "select table_name from information_schema.tables where table_schema = 'lake'",
        database=name,
    )
    # In one question, for each connection has to prove its password.
    asked = " union all ".join(
        f"(select '{table}' from lake.{table} as it where it::text like '%{text}%' limit 1)"
        for (table,) in there
    )
    return [table for (table,) in on.run(asked, database=name)]
