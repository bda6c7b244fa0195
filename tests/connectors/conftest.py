"""Real parts for every vendor's tests: an HTTP server on loopback, a DuckDB file, the pipeline."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import uvicorn
from small_worlds import AS_OF
from small_worlds import settings as usual
from starlette.types import ASGIApp

# A refused request is tried again at once; dlt reads these when a source is built.
os.environ["RUNTIME__REQUEST_MAX_ATTEMPTS"] = "2"
os.environ["RUNTIME__REQUEST_BACKOFF_FACTOR"] = "0"
os.environ["RUNTIME__REQUEST_MAX_RETRY_DELAY"] = "0.05"

from ingestion.connector import discover
from ingestion.pipeline import Landing, Load, kept_open, load

Serve = Callable[[ASGIApp], str]
LoadFrom = Callable[..., Load]
Query = Callable[..., list[Any]]
Counts = dict[str, tuple[int, int, int]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve an ASGI app on a free port of the loopback; returns its base URL."""
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(app: ASGIApp) -> str:
        config = uvicorn.Config(
            app, port=0, log_level="critical", lifespan="off", timeout_graceful_shutdown=0
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    yield start
    for server, _ in servers:
        server.should_exit = True
    for _, thread in servers:
        thread.join(timeout=5)


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    return tmp_path / "warehouse" / "warehouse.duckdb"


@pytest.fixture
def load_from(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> LoadFrom:
    """Load one source from a base URL with the sandbox's credentials, its door wide open.

    `settings` override dlt's settings of the source; None takes one away.
    """

    def run(source: str, base_url: str, as_of: datetime = AS_OF, **settings: str | None) -> Load:
        connector = discover()[source]
        given = {"base_url": base_url, **usual(source), **settings}
        for name, value in given.items():
            variable = f"SOURCES__{source.upper()}__{name.upper()}"
            if value is None:
                monkeypatch.delenv(variable, raising=False)
            else:
                monkeypatch.setenv(variable, value)
        landing = Landing(warehouse, warehouse.parent.parent / "work", as_of)
        with kept_open(warehouse):  # as a run does
            return load(connector, landing, lambda *_: [])

    return run


@pytest.fixture
def counts() -> Callable[[Load], Counts]:
    """Return new, changed and unchanged rows by table of a load that went through."""

    def count(loaded: Load) -> Counts:
        assert loaded.problem is None
        assert all(table.extracted == table.accounted for table in loaded.tables)
        assert sum(table.quarantined for table in loaded.tables) == 0
        return {t.table: (t.new, t.changed, t.unchanged) for t in loaded.tables if t.extracted}

    return count


@pytest.fixture
def query(warehouse: Path) -> Query:
    """Ask the warehouse; times come back in UTC."""

    def run(sql: str, *parameters: Any) -> list[Any]:
        with duckdb.connect(str(warehouse)) as db:
            db.execute("set TimeZone = 'UTC'")
            return db.execute(sql, list(parameters)).fetchall()

    return run
