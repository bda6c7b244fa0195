"""Landing on a real DuckDB file: nothing lost, nothing twice, nothing half."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE
from typing import Any

import dlt
import duckdb
import pytest
import requests

from ingestion.connector import Column, Connector, Table
from ingestion.landing import Scope, end_of
from ingestion.pipeline import Landing, Load, connect, ensure_tables, load
from storage import opened

THINGS = Table(
    name="things",
    key=("id",),
    columns={"id": Column("bigint"), "name": Column("string"), "at": Column("timestamp")},
    description="Things.",
    time="at",
)
FULL_LIST = replace(THINGS, is_whole=True)
Row = dict[str, Any]


def thing(number: int, name: str = "n", at: str = "2026-01-01T00:00:00Z") -> Row:
    return {"id": number, "name": name, "at": at}


def toy(pages: Callable[[], Iterator[list[Row]]]) -> Connector:
    @dlt.source(name="toy")
    def source() -> Any:
        @dlt.resource(name="things")
        def things() -> Iterator[list[Row]]:
            state = dlt.current.resource_state()
            state["reads"] = state.get("reads", 0) + 1
            yield from pages()

        return things

    return Connector(name="toy", title="Toy", tables=(THINGS,), source=source)


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(
        tmp_path / "warehouse.duckdb", tmp_path / "dlt", datetime(2026, 6, 30, tzinfo=UTC)
    )


def let_pass(*_: Any) -> list[str]:
    return []


def put(landing: Landing, *pages: list[Row]) -> Load:
    return load(toy(lambda: iter(pages)), landing, let_pass)


def rows(landing: Landing, sql: str) -> list[Any]:
    with opened(landing.warehouse) as db:
        return db.execute(sql).fetchall()


def reads(landing: Landing) -> int:
    pipeline = landing.pipeline("toy")
    pipeline.sync_destination()
    return pipeline.state["sources"]["toy"]["resources"]["things"]["reads"]


def test_every_row_is_counted_once_as_one_thing(landing: Landing) -> None:
    put(landing, [thing(1), thing(2), thing(3)])
    result = put(landing, [thing(1), thing(2, "new name")], [thing(4), thing(4), thing("x")])  # type: ignore[arg-type]

    count = result.tables[0]
    assert (count.new, count.changed, count.unchanged, count.duplicate, count.quarantined) == (
        1, 1, 1, 1, 1,
    )  # fmt: skip
    assert count.extracted == 5
    assert count.extracted == count.accounted
    assert rows(landing, "select id, name from raw_toy.things order by id") == [
        (1, "n"), (2, "new name"), (3, "n"), (4, "n"),
    ]  # fmt: skip
    assert rows(landing, "select record_key from raw_toy.quarantine") == [("x",)]


def test_of_two_versions_in_one_load_the_later_wins(landing: Landing) -> None:
    put(landing, [thing(1, "late", "2026-02-02T00:00:00Z")], [thing(1, "early")])

    assert rows(landing, "select name from raw_toy.things") == [("late",)]


def test_unchanged_rows_keep_their_load_id(landing: Landing) -> None:
    put(landing, [thing(1), thing(2)])
    before = rows(landing, "select id, _dlt_load_id from raw_toy.things order by id")
    result = put(landing, [thing(1), thing(2)])

    assert result.touched == 0
    assert rows(landing, "select id, _dlt_load_id from raw_toy.things order by id") == before


def test_a_failure_on_a_later_page_leaves_rows_and_cursor_as_they_were(landing: Landing) -> None:
    put(landing, [thing(1)])

    def breaks() -> Iterator[list[Row]]:
        yield [thing(2)]
        raise requests.exceptions.ReadTimeout("slow")

    result = load(toy(breaks), landing, let_pass)

    assert result.problem == (
        "toy: did not answer in time; check the network, then run `ax load toy`"
    )
    assert rows(landing, "select id from raw_toy.things") == [(1,)]
    assert reads(landing) == 1
    assert put(landing, [thing(1), thing(2)]).tables[0].new == 1


def test_a_refused_package_is_set_aside_whole(landing: Landing) -> None:
    put(landing, [thing(1)])
    seen: list[list[str]] = []

    def refuse(connector: Connector, files: dict[str, Path], *_: Any) -> list[str]:
        seen.append(sorted(files))
        return ["half of the names are gone"]

    result = load(toy(lambda: iter([[thing(2)]])), landing, refuse)

    assert seen == [["things"]]
    assert result.problem is not None
    assert "half of the names are gone" in result.problem
    assert rows(landing, "select id from raw_toy.things") == [(1,)]
    assert reads(landing) == 1
    assert list((landing.work.parent / "quarantine" / "toy").rglob("*.parquet"))


def test_the_door_is_not_shown_what_did_not_change(landing: Landing) -> None:
    put(landing, [thing(1)])
    seen: list[Any] = []
    load(toy(lambda: iter([[thing(1)]])), landing, lambda c, files, *_: seen.append(files) or [])  # type: ignore[func-returns-value]

    assert seen == [{}]


def test_a_missing_secret_is_named_with_its_variable(landing: Landing) -> None:
    @dlt.source(name="toy", section="toy")
    def source(api_token: str = dlt.secrets.value) -> Any:
        return []

    result = load(Connector("toy", "Toy", (THINGS,), source), landing, let_pass)

    assert result.problem == (
        "toy: api_token is not set; set SOURCES__TOY__API_TOKEN (or write it into "
        ".dlt/secrets.toml), or take toy off the switchboard"
    )


def test_every_declared_table_exists_even_when_nothing_came(landing: Landing) -> None:
    with connect(landing.warehouse) as db:
        ensure_tables(db, {"toy": toy(lambda: iter([]))})
        ensure_tables(db, {"toy": toy(lambda: iter([]))})
        columns = [name for name, *_ in db.execute("describe raw_toy.things").fetchall()]
    assert columns == ["id", "name", "at", "_content_hash", "_deleted_reason", "_dlt_load_id"]

    assert put(landing, [thing(1)]).tables[0].new == 1


def test_the_ledger_tells_good_loads_and_problems(landing: Landing) -> None:
    put(landing, [thing(1)])
    load(toy(lambda: iter([[thing(2)]])), landing, lambda *_: ["no"])

    told = rows(landing, "select source, table_name, status, new from ops.loads order by all")
    assert ("toy", "things", "loaded", 1) in told
    assert ("toy", None, "failed", 0) in told


def test_whoever_holds_the_warehouse_is_named(landing: Landing) -> None:
    held = (
        "import duckdb, sys; db = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    )
    command = [sys.executable, "-c", held, str(landing.warehouse)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()

        result = put(landing, [thing(1)])
        holder.communicate("\n")

    program = Path(sys.executable).resolve().name
    assert result.problem == (
        f"the warehouse file {landing.warehouse} is held by process {holder.pid} ({program}); close "
        "it there (readers open data/published/marts.duckdb instead) and run again"
    )
    assert put(landing, [thing(1)]).problem is None


def test_a_warehouse_file_that_is_broken_is_not_called_held(landing: Landing) -> None:
    landing.warehouse.write_bytes(b"a block of no database" * 1_000)

    result = put(landing, [thing(1)])

    assert result.problem is not None
    assert "not a valid DuckDB database file" in result.problem


FULL = Path("/dev/full")  # a device on which each write finds no space
WAYS_TO_FILL_IT = {
    "python": lambda: FULL.write_text("x"),
    "duckdb": lambda: duckdb.sql(f"copy (select 1) to '{FULL}' (format csv)"),
}


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize("writer", WAYS_TO_FILL_IT)
def test_a_full_disk_is_a_problem_of_the_source_that_met_it(landing: Landing, writer: str) -> None:
    put(landing, [thing(1)])

    def door(*_: Any) -> list[str]:
        WAYS_TO_FILL_IT[writer]()
        return []

    result = load(toy(lambda: iter([[thing(2)]])), landing, door)

    assert result.problem == (
        "toy: there is no space left on the disk; free some, then run `ax load toy`"
    )
    assert rows(landing, "select problem from ops.loads where status = 'failed'") == [
        (result.problem,)
    ]
    assert rows(landing, "select id from raw_toy.things") == [(1,)]


def test_a_bug_is_a_problem_of_its_source_and_keeps_its_traceback(
    landing: Landing, caplog: pytest.LogCaptureFixture
) -> None:
    def with_a_bug(*_: Any) -> list[str]:
        return [["findings"][1]]

    result = load(toy(lambda: iter([[thing(1)]])), landing, with_a_bug)

    assert result.problem == (
        "toy: IndexError: list index out of range; see data/logs for the traceback, "
        "then run `ax load toy`"
    )
    assert "in with_a_bug" in caplog.text


def test_a_problem_that_can_not_be_written_down_is_still_returned(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise duckdb.IOException("Could not write file: No space left on device")

    monkeypatch.setattr("ingestion.ledger.write_problem", full)

    result = load(toy(lambda: iter([[thing(1)]])), landing, lambda *_: ["no"])

    assert result.problem is not None
    assert "(no)" in result.problem


def test_the_door_is_told_how_long_a_full_list_is_and_was_in_its_last_good_load(
    landing: Landing,
) -> None:
    told: list[Any] = []

    def load_list(*things: Row, findings: Sequence[str] = ()) -> None:
        def door(connector: Connector, files: Any, listed: Any, *_: Any) -> list[str]:
            told.append(listed)
            return [*findings]

        load(replace(toy(lambda: iter([[*things]])), tables=(FULL_LIST,)), landing, door)

    gone = thing(4) | {"_deleted_reason": "deleted"}
    load_list(thing(1), thing(2), thing(3), gone)
    load_list(thing(1), findings=["things: too few"])
    load_list(thing(1), thing(2))
    load_list()

    assert told == [{}, {"things": (1, 3)}, {"things": (2, 3)}, {"things": (0, 2)}]


def vanishing(landing: Landing, *given: Row, door: Any = let_pass) -> Load:
    """Load all there is: what raw holds beside it is gone, and may be a person who asked for it."""
    end = end_of(THINGS, Scope({}, "gone", erases=True))
    return load(toy(lambda: iter([list(given), end])), landing, door)  # type: ignore[list-item]


STAND = "select id, name, _deleted_reason from raw_toy.things order by id"


def test_what_is_set_aside_in_a_whole_reading_is_not_gone(landing: Landing) -> None:
    vanishing(landing, thing(1), thing(2), thing(3))
    vanishing(landing, thing(1), thing(2, at="99999-13-45"))

    assert rows(landing, STAND) == [(1, "n", None), (2, "n", None), (3, None, "gone")]


def test_a_tombstone_that_still_holds_something_is_emptied_once(landing: Landing) -> None:
    vanishing(landing, thing(1), thing(2) | {"_deleted_reason": "archived"})
    assert rows(landing, STAND)[1] == (2, "n", "archived")

    second, third = (vanishing(landing, thing(1)) for _ in range(2))

    assert rows(landing, STAND)[1] == (2, None, "gone")
    assert [load.tables[0].changed for load in (second, third)] == [1, 0]


def test_a_column_that_is_declared_later_is_no_obstacle_to_a_whole_reading(
    landing: Landing,
) -> None:
    vanishing(landing, thing(1), thing(2))
    noted = replace(THINGS, columns={**THINGS.columns, "note": Column("string")})
    pages: list[Any] = [
        [thing(1) | {"note": "new"}],
        end_of(noted, Scope({}, "gone", erases=True)),
    ]
    done = load(replace(toy(lambda: iter(pages)), tables=(noted,)), landing, let_pass)

    assert done.problem is None
    assert rows(landing, "select id, name, note, _deleted_reason from raw_toy.things order by id") == [
        (1, "n", "new", None), (2, None, None, "gone"),
    ]  # fmt: skip


def test_the_door_is_told_how_much_an_erasing_scope_would_take(landing: Landing) -> None:
    told: list[Any] = []
    vanishing(landing, *(thing(n) for n in range(30)))
    vanishing(
        landing, thing(1), thing(2), door=lambda *seen: told.append(seen[2]) or ["things: no"]
    )
    assert rows(landing, "select count(*) from raw_toy.things where name is null") == [(0,)]

    told_by_the_vendor = [thing(n) | {"_deleted_reason": "archived"} for n in range(28)]
    vanishing(
        landing, *told_by_the_vendor, thing(28), door=lambda *seen: told.append(seen[2]) or []
    )

    assert told == [{"things": (2, 30)}, {"things": (29, 30)}]


def test_a_table_that_is_read_by_change_is_no_full_list(landing: Landing) -> None:
    told: list[Any] = []
    put(landing, [thing(1), thing(2)])
    load(toy(lambda: iter([])), landing, lambda c, f, listed, *_: told.append(listed) or [])  # type: ignore[func-returns-value]

    assert told == [{}]
