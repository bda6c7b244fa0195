"""Dagster's event log in one SQLite file, over connections that are kept.

The stock storage makes an engine for every statement: it compiles each insert anew, and opens and
closes the file around it. A run of this house writes over a thousand events, so that was an eighth
of its work (docs/decisions/0008). Only `_connect` is private of what it replaces: a test holds it.

What each check last answered is asked of the table itself, in one query: the stock way asks once a
check, and a run asks only the checks of what it builds, so newest events do not hold them all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from dagster import AssetCheckEvaluation, AssetCheckKey, DagsterInstance
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log import (
    ConsolidatedSqliteEventLogStorage,
    SqlEventLogStorage,
)
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._serdes import deserialize_value
from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select, tuple_

# A check that a run planned and did not ask has no answer in it.
ANSWERED = [
    status.value
    for status in (
        AssetCheckExecutionRecordStatus.SUCCEEDED,
        AssetCheckExecutionRecordStatus.FAILED,
    )
]
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

    def has_table(self, table_name: str) -> bool:
        # Asked with each asset that is made.
        with self._connect() as connection:
            return inspect(connection).has_table(table_name)

    def dispose(self) -> None:
        """Close what was kept open."""
        self._engine.dispose()
        super().dispose()


def last_answers(
    instance: DagsterInstance, last: AssetCheckKey
) -> Iterator[tuple[float, AssetCheckEvaluation]]:
    """Yield when each check was last asked, and what it answered then.

    Of the checks that were planned by the newest run that planned `last`, the one by which a run
    ends, or since: those of a model that is gone are not of the house any more.
    """
    log, row = instance.event_log_storage, AssetCheckExecutionsTable.c
    assert isinstance(log, SqlEventLogStorage)
    is_last = (row.asset_key == last.asset_key.to_string()) & (row.check_name == last.name)
    whole = select(row.run_id).where(is_last).order_by(row.id.desc()).limit(1).scalar_subquery()
    since = select(func.min(row.id)).where(row.run_id == whole).scalar_subquery()
    check = tuple_(row.asset_key, row.check_name)
    planned = select(row.asset_key, row.check_name).where(row.id >= func.coalesce(since, 0))
    newest = (
        select(func.max(row.id))
        .where(row.execution_status.in_(ANSWERED), check.in_(planned))
        .group_by(row.asset_key, row.check_name)
    )
    with log.index_connection() as connection:
        found = connection.execute(select(row.evaluation_event).where(row.id.in_(newest)))
        entries = [deserialize_value(str(text), EventLogEntry) for (text,) in found]
    for entry in entries:
        if said := entry.dagster_event:
            yield entry.timestamp, said.asset_check_evaluation_data


def _safe_and_fast(connection: Any, _record: Any) -> None:
    # With a write-ahead log this loses at most the last events of a power cut, never the file.
    connection.execute("pragma synchronous = normal")
