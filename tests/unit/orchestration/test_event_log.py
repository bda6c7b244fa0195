"""The private method of Dagster's event log that the house replaces: still the same, and worth it."""

import inspect
import logging
from contextlib import suppress

import dagster as dg
import pytest
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage as Stock
from sqlalchemy import Engine, event, text

from orchestration.event_log import EventLog, last_answers

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


@pytest.mark.parametrize(("storage", "connections"), [(Stock, 2), (EventLog, 0)])
def test_nor_is_it_opened_to_see_which_tables_there_are(
    tmp_path, opened, storage, connections
) -> None:
    log = storage(str(tmp_path))
    log.store_event(entry(0))
    opened.clear()

    assert log.has_table("asset_event_tags")
    assert not log.has_table("asset_event_tag")
    assert len(opened) == connections
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


DOOR = dg.AssetCheckKey(dg.AssetKey("things"), "door")


def things(*checks: str) -> dg.AssetsDefinition:
    """Return a step that answers some of its checks: `name` holds, `name!` does not, `name?` is not asked."""

    @dg.multi_asset(
        name="things",
        specs=[dg.AssetSpec("things")],
        check_specs=[dg.AssetCheckSpec(each.rstrip("!?"), asset="things") for each in checks],
        can_subset=True,  # as dbt's steps are: what is not asked is no failure
    )
    def step():
        yield dg.MaterializeResult("things")
        for each in checks:
            if not each.endswith("?"):
                yield dg.AssetCheckResult(
                    asset_key=dg.AssetKey("things"),
                    check_name=each.rstrip("!"),
                    passed=not each.endswith("!"),
                )

    return step


@pytest.mark.parametrize(
    ("runs", "answers"),
    [
        ([["door", "a", "b!"]], {"door": True, "a": True, "b": False}),
        # Planned and not asked: it stands by its last answer, however many runs ago.
        ([["door", "a", "b!"], *[["door", "a", "b?"]] * 3], {"door": True, "a": True, "b": False}),
        ([["door", "b!"], ["door", "b"]], {"door": True, "b": True}),
        # Gone from the house with the model that it was on.
        ([["door", "a", "b!"], ["door", "a"]], {"door": True, "a": True}),
        # A load alone plans its own; the others are of the house all the same.
        ([["door", "a", "b"], ["a!"]], {"door": True, "a": False, "b": True}),
        ([["a"]], {"a": True}),
        ([], {}),
    ],
)
def test_each_check_of_the_house_stands_by_what_it_last_answered(tmp_path, runs, answers) -> None:
    with dg.instance_for_test(temp_dir=str(tmp_path)) as instance:
        for checks in runs:
            dg.materialize([things(*checks)], instance=instance)
        said = list(last_answers(instance, DOOR))

    assert {answer.check_name: answer.passed for _, answer in said} == answers
    assert len(said) == len(answers)
