"""A quick sample of the coverage proof, and the committed table against its page and formulas."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import coverage, coverage_drawn, coverage_exact
from benchmarks.house_sql import render

COMMITTED: dict[str, Any] = json.loads(coverage.RESULTS.read_text(encoding="utf-8"))
RENDERED = (
    "int_metric_cells__summed",
    "int_metric_estimates",
    "int_metric_observations",
    "int_metric_cells__quantile",
    "int_metric_resamples",
    "fct_metric_changes",
)


def of_size(part: str, n: int) -> dict[str, Any]:
    return next(row for row in COMMITTED[part] if row["n"] == n)


@pytest.mark.parametrize("model", RENDERED)
def test_models_are_rendered_as_dbt_compiles_them(model: str, built: Any) -> None:
    manifest = json.loads(built.manifest.read_text(encoding="utf-8"))
    relation = {node["name"]: node["relation_name"] for node in manifest["nodes"].values()}
    for node in manifest["sources"].values():
        relation[node["source_name"], node["name"]] = node["relation_name"]
    compiled = next(built.folder.glob(f"target/compiled/**/{model}.sql")).read_text()

    ours = render(model, relation.__getitem__, lambda *names: relation[names])

    def lines(text: str) -> list[str]:
        return [line.rstrip() for line in text.splitlines() if line.strip()]

    assert lines(ours) == lines(compiled)


@pytest.mark.parametrize("n", [10, 30])
def test_wilson_holds_as_often_as_the_table_says(n: int) -> None:
    [found] = coverage_exact.wilson((n,))
    assert found == pytest.approx(of_size("wilson", n), abs=1e-9)
    assert 0.94 <= found["mean"] <= 0.97


def test_the_score_holds_where_the_table_is_worst() -> None:
    worst = of_size("adjusted_wald", 30)
    [found] = coverage_exact.adjusted_wald((30,), np.array([worst["lowest_at"]]))
    assert found["lowest"] == pytest.approx(worst["lowest"], abs=1e-9)
    assert found["lowest"] >= 0.92


def test_means_of_thirty_answers_hold_as_often_as_the_table_says() -> None:
    wanted = [row for row in COMMITTED["bounded_means"] if row["points"] == 5 and row["n"] == 30]
    shapes = {**coverage_exact.SHAPES, **coverage_exact.EDGES}
    found = list(coverage_exact._means_of(5, 30, shapes))
    for row, want in zip(found, wanted, strict=True):
        assert row == pytest.approx(want, abs=1e-9)


def test_people_who_answer_twice_are_worth_less_and_held_as_often() -> None:
    setting = next(one for one in coverage_drawn.CLUSTERED if one.name == "50% content")
    found = coverage_drawn.covered(setting, persons=30, times=400)
    assert found["n_eff"] < 0.8 * found["answers"]
    # Three standard errors of 400 draws below 0.93.
    assert found["covered"] >= 0.93 - 3 * (0.93 * 0.07 / 400) ** 0.5


def test_without_the_design_effect_they_would_be_held_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The proof sees what it is there for: answers taken for people."""
    setting = next(one for one in coverage_drawn.CLUSTERED if one.name == "50% content")
    whole = coverage_drawn.observed

    def strangers(*arguments: Any) -> Any:
        rows = whole(*arguments)
        return rows.assign(respondent_id=[f"p{n}" for n in range(len(rows))])

    monkeypatch.setattr(coverage_drawn, "observed", strangers)
    assert coverage_drawn.covered(setting, persons=30, times=400)["covered"] < 0.9


def test_the_page_is_what_the_results_give() -> None:
    page: Path = coverage.PAGE
    assert page.read_text(encoding="utf-8") == coverage.page(), (
        "run `python -m benchmarks.coverage` or `python -c 'from benchmarks import coverage; "
        "coverage.PAGE.write_text(coverage.page())'`"
    )
