"""Every published figure against the definitions, computed a second time in plain Python."""

from datetime import date
from typing import Any

import pytest
from reference_values import Cell, Figure, Warehouse

FIGURES = ("value", "n", "n_eff", "low", "high", "numerator", "value_weighted")


@pytest.fixture(scope="session")
def rows(expected: Warehouse) -> dict[tuple[str, str, str, date, str], Figure]:
    values: dict[Cell, Figure] = expected.values()
    return {
        (c.audience, c.metric, c.period_kind, c.period_start, c.segment or ""): figure
        for c, figure in values.items()
    }


def near(want: float | None) -> Any:
    """Return what equals the wanted figure to a billionth, None where there must be none."""
    return None if want is None else pytest.approx(want, rel=1e-9, abs=1e-9)


def key(row: dict[str, Any]) -> tuple[str, str, str, date, str]:
    return tuple(  # type: ignore[return-value]
        row[name] for name in ("audience", "metric", "period_kind", "period_start", "segment")
    )


def test_the_same_cells_are_published(
    published: list[dict[str, Any]], rows: dict[Any, Any]
) -> None:
    assert {key(row) for row in published} ^ set(rows) == set()
    assert len(published) == len(rows) > 10_000


def test_every_status_is_the_expected_one(
    published: list[dict[str, Any]], rows: dict[Any, Figure]
) -> None:
    wrong = [
        (key(row), row["status"], rows[key(row)].status)
        for row in published
        if row["status"] != rows[key(row)].status
    ]
    assert not wrong, wrong[:5]


def test_every_figure_is_right_to_a_billionth(
    published: list[dict[str, Any]], rows: dict[Any, Figure]
) -> None:
    wrong = []
    for row in published:
        estimate = rows[key(row)].estimate
        for name in FIGURES:
            want = getattr(estimate, name) if estimate else None
            if row[name] != near(want):
                wrong.append((key(row), name, row[name], want))
    assert not wrong, wrong[:5]


def test_periods_end_and_lags_are_right(
    published: list[dict[str, Any]], rows: dict[Any, Figure]
) -> None:
    wrong = [
        key(row)
        for row in published
        if (row["period_end"], row["source_lag_minutes"])
        != (rows[key(row)].period_end, rows[key(row)].lag)
    ]
    assert not wrong, wrong[:5]


def test_changes_are_judged_as_defined(built: Any, expected: Warehouse) -> None:
    found = {
        (row["audience"], row["metric"], row["compared_with"]): row
        for row in built.rows("from publication.pub_metric_changes")
    }
    wanted = expected.changes()
    assert set(found) == set(wanted)
    assert {way for _, _, way in found} == {"period_before", "year_before", "window_before"}
    for name, row in wanted.items():
        got = found[name]
        assert (got["verdict"], got["is_paired"]) == (row["verdict"], row["is_paired"]), name
        assert got["p_value"] == (
            None if row["p_value"] is None else pytest.approx(row["p_value"], abs=2e-7)
        ), name
        for figure in ("change", "low", "high", "smallest_detectable"):
            assert got[figure] == near(row.get(figure)), name
