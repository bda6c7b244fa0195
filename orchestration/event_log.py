"""Dagster's event log in one SQLite file, over connections that are kept.

The stock storage makes an engine for every statement: it compiles each insert anew, and opens and
closes the file around it. A run of this house writes over a thousand events, so that was an eighth
of its work (docs/decisions/0008). Only the private `_connect` is replaced; a test watches over it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine, event

BUSY_SECONDS = 60  # how long a writer waits for another process


class EventLog(ConsolidatedSqliteEventLogStorage):
    """The stock one-file storage with one engine a process."""

    @cached_property
    def _engine(self) -> Engine:
        engine = create_engine(self._conn_string, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _safe_and_fast)
        return engine

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Close what was kept open."""
        self._engine.dispose()
        super().dispose()


def _safe_and_fast(connection: Any, _record: Any) -> None:
    # With a write-ahead log this loses at most the last events of a power cut, never the file.
    connection.execute("pragma synchronous = normal")
