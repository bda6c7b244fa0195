"""What was set aside can be looked at, mended and let in again, and never undoes what came later."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from test_pipeline import THINGS, Landing, landing, let_pass, put, reads, rows, thing, toy

from ingestion import landing as at_the_door
from ingestion.connector import Column
from ingestion.errors import NotInQuarantine
from ingestion.pipeline import connect, load
from ingestion.quarantine import Aside, Replayed, replay, waiting

__all__ = ["landing"]
GOOD = [thing(n) for n in range(10, 15)]
RAW = "select id, name from raw_toy.things where id < 10 order by id"
MARKS = "select record_key, _deleted_reason from raw_toy.quarantine order by record_key"


def aside(landing: Landing, row: str | None = None) -> list[Aside]:
    with connect(landing.warehouse) as db:
        return waiting(db, "toy", row)


def again(landing: Landing, mended: dict[str, str] | None = None, **columns: Column) -> Replayed:
    """Replay all that waits with a connector whose columns may have been mended."""
    table = replace(THINGS, columns={**THINGS.columns, **columns})
    connector = replace(toy(lambda: iter(())), tables=(table,))
    return replay(connector, landing, aside(landing), mended or {})


def bad(
    number: object = 1, name: object = "n", at: str = "2026-01-01T00:00:00Z"
) -> dict[str, object]:
    return {"id": number, "name": name, "at": at}


def test_a_row_waits_with_its_reason_and_its_declared_keys_alone(landing: Landing) -> None:
    put(landing, [*GOOD, {**bad(1, name={"a": 1}), "salary": 9}])

    (row,) = aside(landing)
    assert (row.table, row.record_key) == ("things", "1")
    assert row.reason.startswith("name is not a string")
    assert json.loads(row.record) == bad(1, name={"a": 1})


def test_when_the_columns_are_mended_what_waited_goes_in(landing: Landing) -> None:
    put(landing, [*GOOD, bad(1, name={"a": 1})])
    before = reads(landing)

    done = again(landing, name=Column("json"))

    assert len(done.replayed) == 1
    assert rows(landing, RAW) == [(1, '{"a": 1}')]
    assert rows(landing, MARKS) == [("1", "replayed")]
    assert aside(landing) == []
    assert reads(landing) == before  # the vendor's cursors stand where they stood


def test_a_mended_record_goes_in_and_the_others_still_wait(landing: Landing) -> None:
    put(landing, [*GOOD, bad(1, at="yesterday"), bad(2, at="never")])
    first, _ = aside(landing)

    done = again(landing, {first.quarantine_id: json.dumps(bad(1, "mended"))})

    assert rows(landing, RAW) == [(1, "mended")]
    assert [row.record_key for row in done.misfits] == ["2"]
    assert [row.record_key for row in aside(landing)] == ["2"]


@pytest.mark.parametrize(
    ("at", "stays"),
    [("2026-03-01T00:00:00Z", "later"), ("2025-12-01T00:00:00Z", "mended")],
    ids=["later in raw", "earlier in raw"],
)
def test_what_raw_holds_as_it_was_later_stays(landing: Landing, at: str, stays: str) -> None:
    put(landing, [*GOOD, bad(1, name=[1])])
    put(landing, [*GOOD, thing(1, "later", at)])
    (row,) = aside(landing)

    done = again(landing, {row.quarantine_id: json.dumps(bad(1, "mended"))})

    assert rows(landing, RAW) == [(1, stays)]
    assert bool(done.superseded) == (stays == "later")
    assert aside(landing) == []


def test_without_a_time_of_its_own_the_later_load_counts(landing: Landing) -> None:
    timeless = replace(THINGS, time=None)

    def send(*sent: Sequence[object]) -> None:
        connector = replace(toy(lambda: iter([list(sent)])), tables=(timeless,))
        assert load(connector, landing, let_pass).problem is None

    send(*GOOD, bad(1, name=[1]))
    send(*GOOD, thing(1, "later"))
    (row,) = aside(landing)
    connector = replace(toy(lambda: iter(())), tables=(timeless,))
    done = replay(connector, landing, [row], {row.quarantine_id: json.dumps(bad(1, "mended"))})

    assert done.superseded == {row.quarantine_id}
    assert rows(landing, RAW) == [(1, "later")]


def test_the_same_bad_row_read_again_does_not_wait_twice(landing: Landing) -> None:
    put(landing, [*GOOD, bad(1, name={"a": 1})])
    again(landing, name=Column("json"))

    put(landing, [*GOOD, bad(1, name={"a": 1})])

    assert aside(landing) == []


def test_an_id_that_does_not_wait_is_said(landing: Landing) -> None:
    put(landing, GOOD)

    with pytest.raises(NotInQuarantine, match="no row abc of toy waits"):
        aside(landing, "abc")


def test_a_row_that_got_lost_on_the_way_stops_the_source(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(page: at_the_door.Page, tally: at_the_door.Tally) -> None:
        counted(page, tally)
        tally.extracted += 1

    counted = at_the_door.count
    monkeypatch.setattr(at_the_door, "count", forgetful)
    result = put(landing, GOOD)

    assert "toy: things brought 6 rows and 5 are accounted for" in str(result.problem)
    assert rows(landing, "select 1 from duckdb_tables() where schema_name = 'raw_toy'") == []
