"""Initiatives: an effect against what a hand computes, and how often it is called where there is none."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmarks.house_sql import python_model

SEEDS = 400
BEFORE, AFTER = 8, 4

model = python_model("fct_initiative_effects")


def panel(
    touched: dict[str, list[float | None]], compared: dict[str, list[float | None]], before: int
) -> pd.DataFrame:
    """Return the published figures of units, of which the first `before` are before."""
    return pd.DataFrame(
        [
            {
                "unit": unit,
                "is_treated": is_treated,
                "period_start": pd.Timestamp(2025, 1, 1) + pd.DateOffset(months=month),
                "is_after": month >= before,
                "value": value,
            }
            for is_treated, units in ((True, touched), (False, compared))
            for unit, values in units.items()
            for month, value in enumerate(values)
            if value is not None
        ],
        columns=["unit", "is_treated", "period_start", "is_after", "value"],
    )


def test_the_effect_is_the_difference_of_two_differences() -> None:
    """By hand: the touched rise by 3 and 5, the others by 1, 2 and 0; the two gaps stood still."""
    found = model.effect(
        panel(
            {"a": [1, 2, 1, 2, 4.5], "b": [3, 4, 3, 4, 8.5]},
            {"x": [0, 1, 0, 1, 1.5], "y": [5, 6, 5, 6, 7.5], "z": [2, 3, 2, 3, 2.5]},
            before=4,
        )
    )
    assert (found["before"], found["after"]) == (2.5, 6.5)
    assert (found["compared_before"], found["compared_after"]) == pytest.approx((17 / 6, 23 / 6))
    assert found["effect"] == pytest.approx(3)
    # Welch: variances 2 / 2 and 1 / 3 of 1 and 2 degrees of freedom.
    freedom = (1 + 1 / 3) ** 2 / (1**2 / 1 + (1 / 3) ** 2 / 2)
    reach = stats.t.ppf(0.975, freedom) * (1 + 1 / 3) ** 0.5
    assert found["high"] - found["effect"] == pytest.approx(reach)
    assert found["low"] + found["high"] == pytest.approx(6)
    trend = found["pre_trend"], found["pre_trend_low"], found["pre_trend_high"]
    assert trend == pytest.approx((0, 0, 0), abs=1e-9)
    assert found["verdict"] == "no effect found"


def test_one_alone_is_ranked_among_those_that_nobody_touched() -> None:
    others = {f"x{n:02d}": [n % 3, n % 5, n % 2, n % 4, n / 10] for n in range(19)}
    quiet = [sum(column) / 19 for column in zip(*others.values(), strict=True)]
    found = model.effect(panel({"a": [*quiet[:4], quiet[4] + 40]}, others, before=4))
    assert found["method"] == "rank among placebos"
    assert found["effect"] == pytest.approx(40)
    assert found["p_value"] == 1 / 20
    assert found["verdict"] == "up"
    assert found["low"] > 0

    second = model.effect(
        panel({"a": [*quiet[:4], quiet[4] + 40]}, others | {"x00": [0, 0, 0, 0, 99]}, before=4)
    )
    assert (second["p_value"], second["verdict"]) == (2 / 20, "no effect found")
    assert second["low"] < 0


STEADY = [1.0, 2.0, 1.0, 2.0, 5.0]
PAIR = {"x": [1.0, 2.0, 1.0, 2.0, 2.0], "y": [0.0, 1.0, 0.0, 1.0, 1.0]}


@pytest.mark.parametrize(
    ("touched", "compared", "before", "reason"),
    [
        ({}, PAIR, 4, "nothing is published of what it touches"),
        ({"a": STEADY, "b": STEADY}, PAIR, 3, "fewer than 4 periods before it began"),
        ({"a": STEADY, "b": STEADY}, PAIR, 5, "no closed period since it began"),
        ({"a": STEADY, "b": STEADY}, {"x": PAIR["x"]}, 4, "nothing to compare with"),
        # One that lacks a period is compared with nothing.
        ({"a": STEADY, "b": STEADY}, PAIR | {"y": [0, None, 0, 1, 1]}, 4, "nothing to compare with"),
        ({"a": STEADY, "b": STEADY}, {"x": PAIR["x"], "y": PAIR["x"]}, 4, "all changed by the same"),
        ({"a": STEADY}, PAIR, 4, "fewer than 19 others to rank one among"),
        # A period that one of the touched lacks is not one of the four.
        ({"a": STEADY, "b": [1, None, 1, 2, 5]}, PAIR, 4, "fewer than 4 periods before it began"),
    ],
)  # fmt: skip
def test_without_what_it_takes_there_is_no_estimate_and_a_reason(
    touched: Any, compared: Any, before: int, reason: str
) -> None:
    found = model.effect(panel(touched, compared, before))
    assert (found["verdict"], found["reason"]) == ("no estimate", reason)
    assert "effect" not in found


def test_what_went_apart_before_is_no_effect() -> None:
    touched = {unit: [n * 2.0 + shift for n in range(5)] for unit, shift in (("a", 0), ("b", 1))}
    compared = {u: [s + n % 2 * 0.1 for n in range(5)] for u, s in (("x", 1), ("y", 2), ("z", 3))}
    found = model.effect(panel(touched, compared, before=4))
    assert found["p_value"] < 0.05
    assert found["pre_trend_low"] > 0
    assert found["verdict"] == "went apart before it began"


def world(seed: int, touched: int, compared: int, effect: float) -> pd.DataFrame:
    """Return units with levels of their own, a season that all share, and noise that lasts."""
    rng = np.random.default_rng([20261126, seed])
    periods = BEFORE + AFTER
    season = rng.normal(0, 3, periods)

    def unit(is_touched: bool) -> list[float]:
        noise = rng.normal(0, 2, periods)
        lasting = np.convolve(noise, [0.8, 0.4])[:periods]
        rise = effect * (np.arange(periods) >= BEFORE) if is_touched else 0.0
        return [float(v) for v in rng.normal(50, 10) + season + lasting + rise]

    return panel(
        {f"t{n}": unit(True) for n in range(touched)},
        {f"c{n}": unit(False) for n in range(compared)},
        BEFORE,
    )


@pytest.mark.proof
@pytest.mark.parametrize(("touched", "compared"), [(5, 8), (3, 20), (1, 24)])
def test_over_four_hundred_seeds_nothing_is_found_where_nothing_was_done(
    touched: int, compared: int, kept: Callable[..., None]
) -> None:
    planted, covered, called, false = 4.0, 0, 0, 0
    for seed in range(SEEDS):
        found = model.effect(world(seed, touched, compared, planted))
        covered += found["low"] <= planted <= found["high"]
        called += found["verdict"] == "up"
        twin = model.effect(world(seed, touched, compared, 0.0))
        false += twin["verdict"] in ("up", "down")
    kept(
        f"initiatives, {touched} touched and {compared} others",
        seeds=SEEDS,
        planted=planted,
        covered=covered / SEEDS,
        power=called / SEEDS,
        false_findings=false / SEEDS,
    )
    assert covered / SEEDS >= 0.92
    assert false / SEEDS <= 0.05 + 3 * (0.05 * 0.95 / SEEDS) ** 0.5


def test_what_is_published_lists_what_nobody_declared(built: Any) -> None:
    rows = {row["initiative"]: row for row in built.rows("from publication.pub_initiatives")}
    assert rows["quiet_newsletter"]["lacks"].split(", ")[:2] == ["no pillar", "no metric"]
    assert rows["quiet_newsletter"]["reason"] == "nobody said what it should move"
    assert "no owner" in rows["fan_days"]["lacks"]
    assert rows["fan_days"]["reason"]
    assert rows["exit_talks"]["effort_status"] == "not estimated"
    assert all(row["verdict"] for row in rows.values())
