"""The one private method of Dagster that the house replaces: still the same, and worth it."""

import inspect
import logging
from contextlib import suppress

import pytest
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage as Stock
from sqlalchemy import Engine, event, text

from orchestration.event_log import EventLog

# Where this no longer holds, read docs/decisions/0008, compare, and write the new text down here.
REPLACED = """\
    @contextmanager
    def _connect(self):
        engine = create_engine(
            self._conn_string,
            poolclass=NullPool,
            connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS},
        )
        with engine.connect() as conn:
            with conn.begin():
                yield conn
"""


@pytest.fixture
def opened():
    """Return a list that grows with each connection that is opened."""
    seen = []

    def note(*connection) -> None:
        seen.append(connection)

    event.listen(Engine, "connect", note)
    yield seen
    event.remove(Engine, "connect", note)


def entry(number: int) -> EventLogEntry:
    return EventLogEntry(
        error_info=None,
        level=logging.INFO,
        user_message=f"event {number}",
        run_id="run",
        timestamp=float(number),
    )


def told(log: Stock) -> list[str]:
    return [one.user_message for one in log.get_logs_for_run("run")]


def test_what_is_replaced_is_what_dagster_has() -> None:
    assert inspect.getsource(Stock._connect) == REPLACED


@pytest.mark.parametrize(("storage", "connections"), [(Stock, 20), (EventLog, 0)])
def test_the_stock_storage_opens_the_file_for_each_event_and_ours_keeps_it_open(
    tmp_path, opened, storage, connections
) -> None:
    log = storage(str(tmp_path))
    log.store_event(entry(0))
    opened.clear()

    for number in range(1, 21):
        log.store_event(entry(number))

    assert len(opened) == connections
    assert told(log) == [f"event {number}" for number in range(21)]
    log.dispose()


def test_each_statement_is_committed_at_once_and_a_broken_one_not_at_all(tmp_path) -> None:
    ours, theirs = EventLog(str(tmp_path)), Stock(str(tmp_path))
    ours.store_event(entry(1))
    assert told(theirs) == ["event 1"]

    with suppress(ZeroDivisionError), ours.run_connection("run") as connection:
        connection.execute(text("delete from event_logs"))
        raise ZeroDivisionError
    assert told(theirs) == told(ours) == ["event 1"]

    theirs.store_event(entry(2))
    assert told(ours) == ["event 1", "event 2"]
    ours.dispose()
