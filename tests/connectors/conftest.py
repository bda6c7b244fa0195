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
from starlette.types import ASGIApp

# A refused request is tried again at once; read by dlt when a source is built.
os.environ["RUNTIME__REQUEST_MAX_ATTEMPTS"] = "2"
os.environ["RUNTIME__REQUEST_BACKOFF_FACTOR"] = "0"
os.environ["RUNTIME__REQUEST_MAX_RETRY_DELAY"] = "0.05"
os.environ["RUNTIME__REQUEST_TIMEOUT"] = "1.5"

from ingestion.connector import discover
from ingestion.pipeline import Landing, Load, load

AS_OF = datetime.fromisoformat("2026-06-30T00:00:00+00:00")

Serve = Callable[[ASGIApp], str]
Loader = Callable[..., Load]
Rows = Callable[..., list[Any]]


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
def load_from(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> Loader:
    """Load one source from a base URL with the sandbox's credentials, its door wide open.

    `settings` override dlt's settings of the source; None takes one away.
    """

    def run(source: str, base_url: str, as_of: datetime = AS_OF, **settings: str | None) -> Load:
        connector = discover()[source]
        given = {"base_url": base_url, "as_of": as_of.isoformat(), **connector.sandbox, **settings}
        for name, value in given.items():
            variable = f"SOURCES__{source.upper()}__{name.upper()}"
            if value is None:
                monkeypatch.delenv(variable, raising=False)
            else:
                monkeypatch.setenv(variable, value)
        landing = Landing(warehouse, warehouse.parent.parent / "work", as_of)
        return load(connector, landing, lambda *_: [])

    return run


@pytest.fixture
def rows(warehouse: Path) -> Rows:
    """Query the warehouse."""

    def query(sql: str, *parameters: Any) -> list[Any]:
        with duckdb.connect(str(warehouse), read_only=True) as db:
            db.execute("set TimeZone = 'UTC'")
            return db.execute(sql, list(parameters)).fetchall()

    return query
