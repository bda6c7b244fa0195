"""A database for each test, and a data folder that declares it."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from estate import ORDERS, TABLE, Estate, Kind, Lite, Postgres

from benchmarks.postgres_server import Server, binaries, running

NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One PostgreSQL server for all tests."""
    if binaries() is None:
        pytest.skip("no PostgreSQL server here; apt-get install postgresql brings its programs")
    with running() as started:
        yield started


@pytest.fixture
def postgres(server: Server) -> Postgres:
    """An empty database on it."""
    made = Postgres(server, f"office{next(NUMBERS)}")
    server.run(f"create database {made.name}")
    made.run("create schema sales")
    return made


@pytest.fixture
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Kind:
    """A database with an empty table of orders: SQLite, unless a test asks for both kinds."""
    if getattr(request, "param", "sqlite") == "postgres":
        made: Kind = request.getfixturevalue("postgres")
    else:
        made = Lite(tmp_path / "office.sqlite")
    made.run(TABLE.format(table=made.table))
    return made


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """A data folder that declares nothing yet."""
    (tmp_path / "databases").mkdir()
    return Estate(tmp_path, monkeypatch)


@pytest.fixture
def office(estate: Estate, kind: Kind) -> Estate:
    """A data folder that declares the table of orders."""
    estate.declare("box_office", ORDERS.format(table=kind.table), kind.url)
    return estate
