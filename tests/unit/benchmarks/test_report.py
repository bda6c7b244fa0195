import copy
from dataclasses import replace

import pytest

from benchmarks import report
from benchmarks.scenario import Reach, Scenario, scenarios
from benchmarks.timing import medians


def figures(*seconds: float) -> list[dict[str, float]]:
    return [{"seconds": each, "cpu_seconds": 2 * each, "peak_mb": 100} for each in seconds]


def result(ours: list[float], yardstick: list[float] | None = None, size: int = 0) -> dict:
    rounds = {"ours": figures(*ours)} | ({"yardstick": figures(*yardstick)} if yardstick else {})
    return {
        "scenario": "walk",
        "size": size,
        "rounds": rounds,
        "medians": {side: medians(timed) for side, timed in rounds.items()},
        "commit": "abc",
        "machine": {"cores": 2, "memory_gb": 24, "load_average": 0.5},
        "versions": {"python": "3.11", "duckdb": "1.5.5"},
    }


def nothing(folder, size):
    return lambda: None


WALK = Scenario("walk", "a walk", nothing, "a ride", nothing, Reach(1.5))


def test_the_median_round_counts_for_each_figure() -> None:
    timed = [
        {"seconds": 3.0, "cpu_seconds": 1.0, "peak_mb": 20},
        {"seconds": 1.0, "cpu_seconds": 9.0, "peak_mb": 30},
        {"seconds": 2.0, "cpu_seconds": 4.0, "peak_mb": 10},
    ]
    assert medians(timed) == {"seconds": 2.0, "cpu_seconds": 4.0, "peak_mb": 20}


def test_the_ratio_is_that_of_the_medians_and_there_is_none_without_a_yardstick() -> None:
    assert report.ratio(result([9, 3, 4], [2, 1, 8])) == 2.0
    assert report.ratio(result([3, 4, 9])) is None


def said(before: dict, now: dict) -> str:
    [line] = report.compared({"walk": before}, {"walk": now})
    return line


def test_what_moves_less_than_its_rounds_differ_is_as_before() -> None:
    assert "as before" in said(
        result([1.0, 1.1, 1.2], [1, 1, 1]), result([1.2, 1.3, 1.25], [1, 1, 1])
    )


def test_what_moves_by_more_is_slower_or_faster() -> None:
    slow, quick = result([2.0, 2.1, 2.2], [1, 1, 1]), result([1.0, 1.1, 1.2], [1, 1, 1])
    assert said(quick, slow) == "walk: SLOWER, 1.10x before, 2.10x now"
    assert said(slow, quick) == "walk: faster, 2.10x before, 1.10x now"


def test_a_machine_that_is_slower_today_is_no_regression() -> None:
    assert "as before" in said(result([1, 1.1, 1.2], [1, 1, 1]), result([3, 3.2, 3.5], [3, 3, 3]))


def test_without_a_yardstick_seconds_are_compared() -> None:
    assert (
        said(result([1, 1, 1.1]), result([2, 2, 2.1])) == "walk: SLOWER, 1.00 s before, 2.00 s now"
    )


def test_one_round_tells_no_spread_and_a_new_scenario_has_nothing_before() -> None:
    assert "one round tells no spread" in said(result([1]), result([5]))
    [line] = report.compared({}, {"walk": result([1, 2, 3])})
    assert "no figures to be compared with" in line


REACHED = {
    "within": (Reach(1.5), result([1.5], [1]), "yes"),
    "beyond": (Reach(1.5), result([3], [1]), "**no**, 2 times too much"),
    "seconds": (Reach(90, "seconds"), result([99]), "**no**, 1.1 times too much"),
    "nothing wanted": (None, result([99], [1]), ""),
}


@pytest.mark.parametrize("what", REACHED)
def test_whether_it_was_reached_is_said_with_how_near(what) -> None:
    reach, got, words = REACHED[what]
    assert report.reached(reach, got) == words


def test_the_table_has_a_row_for_each_result_in_order_of_size() -> None:
    walk = replace(WALK, size=10, of="steps")
    results = {"walk 2000": result([4], [1], 2000), "walk": result([0.05], [1], 10)}
    lines = report.table(results, {"walk": walk}).splitlines()
    assert lines[0] == "| what | ours | yardstick | ratio | wanted | reached |"
    assert lines[2] == (
        "| a walk, 10 steps | 50 ms (0.1 s CPU), 100 MB | 1 s (2 s CPU), 100 MB: a ride "
        "| 0.05x (20.0 times as fast) | at most 1.5x | yes |"
    )
    assert lines[3].startswith("| a walk, 2,000 steps | 4 s")
    assert "2 cores, 24 GB; python 3.11, duckdb 1.5.5" in lines[-1]
    assert "walk (abc, 1 round, load 0.5)" in lines[-1]


def test_a_scenario_without_figures_has_no_row_and_one_without_yardstick_an_empty_place() -> None:
    alone = Scenario("walk", "a walk", nothing)
    assert report.table({"walk": result([2, 2])}, {"walk": alone}).splitlines()[2] == (
        "| a walk | 2 s (4 s CPU), 100 MB |  |  |  |  |"
    )
    assert len(report.table({}, {"walk": alone}).splitlines()) == 3


def test_figures_are_put_between_their_marks_and_nothing_else_changes() -> None:
    page = f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n"
    once = report.with_figures(page, "new")
    assert once == f"before\n{report.BEGIN}\n\nnew\n\n{report.END}\nafter\n"
    assert report.with_figures(once, "new") == once


def test_figures_of_another_size_are_kept_apart() -> None:
    walk = replace(WALK, size=10)
    assert [report.key(walk, 10), report.key(walk, 20)] == ["walk", "walk 20"]


def test_the_page_has_the_figures_that_are_committed() -> None:
    results = report.kept()
    page = report.PAGE.read_text()
    assert page == report.with_figures(page, report.table(results, scenarios()))
    assert {one["scenario"] for one in results.values()} <= scenarios().keys()


def test_results_read_as_they_were_written(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results" / "bench.json")
    assert report.kept() == {}
    results = {"walk": result([1, 2, 3], [1, 1, 1])}
    report.write(copy.deepcopy(results))
    assert report.kept() == results
