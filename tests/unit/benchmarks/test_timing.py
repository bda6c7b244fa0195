from dataclasses import replace

import pytest

from benchmarks import timing
from benchmarks.scenario import NotHere, Scenario, scenarios


def nothing(folder, size):
    return lambda: None


WALK = Scenario("walk", "a walk", nothing, "a ride", nothing)


@pytest.fixture
def apart(monkeypatch):
    """Return what was done in processes of their own, in order; nothing is done."""
    done: list[str] = []

    def called(scenario, side, folder, size):
        done.append(side)
        return {"seconds": len(done), "cpu_seconds": 0, "peak_mb": 0}

    monkeypatch.setattr(timing, "apart", called)
    return done


def test_sides_take_turns_and_each_comes_first_every_other_time(apart, tmp_path) -> None:
    rounds = timing.rounds_of(WALK, tmp_path / "walk", 0)
    assert apart == [
        "prepare", "ours", "yardstick", "yardstick", "ours", "ours", "yardstick",
    ]  # fmt: skip
    assert [one["seconds"] for one in rounds["ours"]] == [2, 5, 6]
    assert [one["seconds"] for one in rounds["yardstick"]] == [3, 4, 7]


def test_one_without_a_yardstick_is_timed_alone(apart, tmp_path) -> None:
    timing.rounds_of(replace(WALK, yardstick=None, rounds=2), tmp_path, 0)
    assert apart == ["prepare", "ours", "ours"]


def test_what_makes_ready_is_not_timed_and_what_is_said_stands_beside_the_figures() -> None:
    order = []

    def ready(folder, size):
        order.append(f"ready for {size}")
        return lambda: order.append("timed") or {"rows": 7}

    walk = replace(WALK, ours=ready)
    figures = timing._clocked("ours", walk, None, 3)
    assert order == ["ready for 3", "timed"]
    assert figures.keys() == {"seconds", "cpu_seconds", "rows"}


def test_what_is_timed_may_say_its_own_seconds() -> None:
    walk = replace(WALK, ours=lambda folder, size: lambda: {"seconds": 0.5})
    assert timing._clocked("ours", walk, None, 0)["seconds"] == 0.5


def test_a_process_of_its_own_gives_figures_or_says_what_is_missing(tmp_path, monkeypatch) -> None:
    name, scenario = next(iter(scenarios().items()))
    program = tmp_path / "python"
    monkeypatch.setattr(timing.sys, "executable", str(program))
    program.write_text('#!/bin/sh\necho noise\necho \'{"seconds": 1, "cpu_seconds": 2}\'\n')
    program.chmod(0o755)
    assert timing.apart(scenario, "ours", tmp_path, 1)["seconds"] == 1
    program.write_text(f"#!/bin/sh\necho no server here\nexit {timing.NOT_HERE}\n")
    with pytest.raises(NotHere, match="no server here"):
        timing.apart(scenario, "ours", tmp_path, 1)
    program.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(SystemExit, match=f"{name}, ours"):
        timing.apart(scenario, "ours", tmp_path, 1)


def test_every_scenario_says_what_it_is() -> None:
    for name, scenario in scenarios().items():
        assert scenario.name == name
        assert scenario.does
        assert bool(scenario.beside) == bool(scenario.yardstick)
        assert bool(scenario.size) == bool(scenario.of)
