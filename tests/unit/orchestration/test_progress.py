"""Progress of a run: how far, in words, and what is left where an earlier run shows it."""

import logging
import os
import pty
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from orchestration import pace
from orchestration.commands.run import seconds_before
from orchestration.dbt_bridge import paced
from orchestration.load import Count
from orchestration.pace import Far, Past, words
from orchestration.progress import Progress
from orchestration.terminal import console

SHOWN_CURSOR, HIDDEN_CURSOR = "\x1b[?25h", "\x1b[?25l"
WORDS = [
    ("load", None, None, "load"),
    ("load", None, 41.0, "load: about 40 s left"),
    ("load", Far(7, 22, "sources", 41200), None, "load: 7 of 22 sources, 41,200 rows"),
    ("marts", Far(120, 310, "models"), 42.4, "marts: 120 of 310 models, about 40 s left"),
    ("marts", Far(120, 1310, "models"), 200.0, "marts: 120 of 1,310 models, about 3 min left"),
    ("marts", Far(309, 310, "models"), 7.6, "marts: 309 of 310 models, about 8 s left"),
    # Longer than last time: what is left is not known.
    ("marts", Far(309, 310, "models"), -12.0, "marts: 309 of 310 models"),
]


@pytest.mark.parametrize(("title", "far", "left", "said"), WORDS)
def test_a_stage_is_told_in_words(
    title: str, far: Far | None, left: float | None, said: str
) -> None:
    assert words(title, far, left) == said


def test_a_part_of_the_work_is_reckoned_at_the_pace_of_all_and_kept_with_it() -> None:
    past = Past(50.0, {"a": 20, "b": 80})
    assert past.of({"a", "unknown"}) == Past(10.0, {"a": 20})
    assert past.of({"unknown"}).left([], 1.0) is None

    # A part took twice as long: so will the rest, though nobody saw it.
    assert past.renewed(20.0, {"a": 20}) == Past(100.0, {"a": 20, "b": 80})
    assert Past(0).renewed(9.0, {"a": 3.0}) == Past(9.0, {"a": 3.0})
    assert past.renewed(1.0, {}) == past


def test_what_is_left_is_last_times_until_this_run_has_a_pace_of_its_own() -> None:
    past = Past(60.0, {"a": 5, "b": 15, "c": 80})

    assert past.left([], 3.0) == 60
    assert past.left(["a"], 30.0) == pytest.approx(57)
    # Twice as slow as last time: a fifth of the work took 24 seconds, so the rest takes 96.
    assert past.left(["a", "b"], 24.0) == pytest.approx(96)
    assert past.left(["a", "b", "c"], 120.0) == 0
    assert past.left(["a", "new"], 30.0) == pytest.approx(57)
    assert Past(0).left(["a"], 30.0) is None


def test_the_past_of_a_step_is_kept_beside_the_manifest(tmp_path) -> None:
    kept = tmp_path / "pace-marts.json"
    assert pace.read(kept).left(["a"], 1.0) is None
    pace.keep(kept, Past(12.5, {"a": 2.0}))
    assert pace.read(kept) == Past(12.5, {"a": 2.0})
    for broken in ('{"seconds": 12.5, "par', '{"other": 1}', "[]"):
        kept.write_text(broken)
        assert pace.read(kept) == Past(0), "a run does not fail for the want of a guess"


@pytest.fixture
def seen() -> Iterator[list[Far]]:
    before, told = [*pace.WATCHERS], []
    pace.WATCHERS[:] = [told.append]
    yield told
    pace.WATCHERS[:] = before


def test_dbt_tells_how_many_nodes_are_done_of_how_many(seen) -> None:
    def event(name: str, **data: Any) -> Any:
        return SimpleNamespace(raw_event={"info": {"name": name}, "data": data},
                               is_result_event=name.endswith("Result"))  # fmt: skip

    said = [
        event("MainReportVersion"),
        event("LogStartLine", total=3, index=1, node_info={"unique_id": "a"}),
        *(event("LogModelResult", total=3, index=at, node_info={"unique_id": name})
          for at, name in enumerate("abc", 1)),
    ]  # fmt: skip

    assert [*paced(said, Past(0))] == said
    assert [(far.done, far.of, far.left) for far in seen] == [
        (1, 3, None),
        (2, 3, None),
        (3, 3, None),
    ]
    seen.clear()
    [*paced(said, Past(9.0, {"a": 1.0, "b": 1.0, "c": 1.0}))]
    assert seen[-1].left == 0
    assert all(far.left is not None for far in seen)


def test_a_load_tells_rows_as_they_come_and_sources_that_are_done(seen) -> None:
    def page(good: int, bad: int = 0) -> Any:
        return SimpleNamespace(
            good=SimpleNamespace(num_rows=good), bad=SimpleNamespace(num_rows=bad)
        )

    kept_out = []
    count = Count(2, lambda _connector, _table, page: kept_out.append(page) or page)
    for rows in ((100,), (50, 5)):
        count(None, None, page(*rows))
    count.ended()

    assert [(far.done, far.of, far.rows) for far in seen] == [(0, 2, 100), (0, 2, 155), (1, 2, 155)]
    assert len(kept_out) == 2, "who was erased is kept out as before"
    assert Count(1, None)(None, None, empty := page(0)) is empty


def follow(before: dict[str, float], seen: Callable[[str], None] = lambda words: None) -> None:
    """Let a stage begin, be told of, and end; wait in between until it is seen."""
    progress = Progress(console(), before=before)

    def happens(kind: dg.DagsterEventType) -> None:
        record = logging.LogRecord("x", logging.DEBUG, "", 0, "", None, None)
        record.dagster_event = SimpleNamespace(event_type=kind, step_key="marts")
        progress.emit(record)

    happens(dg.DagsterEventType.STEP_START)
    seen("building marts")
    print("what a tool prints")
    pace.tell(Far(120, 310, "models", left=before.get("node")))
    seen("120 of 310")
    happens(dg.DagsterEventType.STEP_SUCCESS)
    assert pace.WATCHERS == []


@pytest.fixture
def terminal(monkeypatch) -> Iterator[list[str]]:
    """A real terminal in the place of the standard output; what is written there is collected."""
    outer, inner = pty.openpty()
    written: list[str] = []

    def listen() -> None:
        while chunk := _read(outer):
            written.append(chunk)

    with os.fdopen(inner, "w") as stream:
        monkeypatch.setattr(sys, "__stdout__", stream)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "120")
        monkeypatch.delenv("NO_COLOR", raising=False)
        listener = threading.Thread(target=listen)
        listener.start()
        yield written
    listener.join(5)
    os.close(outer)


def _read(outer: int) -> str:
    try:
        return os.read(outer, 65536).decode()
    except OSError:  # the other end is closed
        return ""


def plain(written: list[str]) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", "".join(written))


def wait_in(written: list[str]) -> Callable[[str], None]:
    def wait(words: str) -> None:
        until = time.monotonic() + 30
        while words not in plain(written) and time.monotonic() < until:
            time.sleep(0.05)

    return wait


def test_on_a_terminal_the_stage_is_followed(terminal) -> None:
    follow({"marts": 100.0, "node": 42.0}, wait_in(terminal))
    wait_in(terminal)("done")
    said = plain(terminal)

    assert "building marts and metrics: about 2 min left" in said
    assert "building marts and metrics: 120 of 310 models, about 40 s left" in said
    assert "done  building marts and metrics, " in said
    assert "what a tool prints" not in said
    drawn = "".join(terminal)
    assert drawn.rfind(SHOWN_CURSOR) > drawn.rfind(HIDDEN_CURSOR) >= 0


def test_without_an_earlier_run_no_time_is_told(terminal) -> None:
    follow({}, wait_in(terminal))
    said = plain(terminal)

    assert "building marts and metrics: 120 of 310 models" in said
    assert "left" not in said


def test_no_color_asks_for_plain_lines(terminal, monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    follow({"marts": 100.0})
    wait_in(terminal)("\n")

    assert re.fullmatch(r"  done  building marts and metrics, \d+\.\d s\r\n", "".join(terminal))


def test_a_pipe_gets_a_line_a_stage_and_no_noise(monkeypatch, tmp_path) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    with (tmp_path / "piped").open("w") as piped:
        monkeypatch.setattr(sys, "__stdout__", piped)
        follow({"marts": 100.0})

    assert re.fullmatch(
        r"  done  building marts and metrics, \d+\.\d s\n", (tmp_path / "piped").read_text()
    )


def test_durations_are_those_of_the_last_run_that_published() -> None:
    @dg.op
    def load() -> None: ...

    @dg.op
    def publication() -> None: ...

    def main(*ops: Any) -> Any:
        @dg.job(name="main")
        def job() -> None:
            for op in ops:
                op()

        return job

    with dg.DagsterInstance.ephemeral() as on:
        assert seconds_before(on) == {}
        for ops in ([load, publication], [load]):
            main(*ops).execute_in_process(instance=on)
        assert seconds_before(on).keys() == {"load", "publication"}
        assert all(seconds >= 0 for seconds in seconds_before(on).values())
