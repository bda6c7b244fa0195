"""Effort beside the ease that was answered: by hand, and over fixed seeds with the truth known."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks import friction_effort
from benchmarks.house_sql import HouseSql

DAY = date(2026, 2, 2)


def answers(audience: str, pairs: list[tuple[str, float, float | None]]) -> pd.DataFrame:
    """Return answers of people: (who, CES, kinds of friction)."""
    return friction_effort.answers(
        {
            "audience": audience,
            "respondent_id": [who for who, _, _ in pairs],
            "ces": [ces for _, ces, _ in pairs],
            "effort": [effort for _, _, effort in pairs],
        }
    )


def judged(*frames: pd.DataFrame, hidden: tuple[str, ...] = ()) -> dict[str, dict[str, Any]]:
    with friction_effort.house(pd.concat(frames), hidden) as house:
        found = house.rows("fct_friction_effort").to_dict("records")
    return {row["audience"]: row for row in found if row["stage"] == "get_help"}


@pytest.fixture(scope="module")
def by_hand() -> dict[str, dict[str, Any]]:
    """Ten people each: five without effort answer 7 7 6 6 5, five with one kind 5 4 4 3 2."""
    scores = [(7, 0), (7, 0), (6, 0), (6, 0), (5, 0), (5, 1), (4, 1), (4, 1), (3, 1), (2, 1)]
    hard = [(f"p{n}", float(ces), float(effort)) for n, (ces, effort) in enumerate(scores)]
    return judged(
        answers("customer", hard),
        answers("fan", [(who, 8 - ces, effort) for who, ces, effort in hard]),
        answers("dealer", [(who, ces, 0.0) for who, ces, _ in hard]),
        answers("donor", hard[1:]),
        answers("member", [*hard, ("p11", 3.0, None)]),
        answers("superfan", hard),
        answers("attendee", [*hard, *hard]),
        hidden=("superfan",),
    )


def test_ease_falls_with_effort_as_by_hand(by_hand: dict[str, dict[str, Any]]) -> None:
    """Ranks of CES 9.5 9.5 7.5 7.5 5.5 | 5.5 3.5 3.5 2 1 around 5.5; of effort 3 and 8.

    Products -2.5 (4 + 4 + 2 + 2 + 0) - 2.5 (0 + 2 + 2 + 3.5 + 4.5) = -60; squares of CES
    2 (16 + 4 + 0 + 4) + 12.25 + 20.25 = 80.5, of effort 62.5: r = -60 / sqrt(80.5 x 62.5).
    """
    row = by_hand["customer"]
    r = -60 / np.sqrt(80.5 * 62.5)
    assert row["correlation"] == pytest.approx(r)
    assert (row["ces_without"], row["ces_with"]) == (pytest.approx(6.2), pytest.approx(3.6))
    assert row["difference"] == pytest.approx(-2.6)
    # Residuals .8 .8 -.2 -.2 -1.2 and 1.4 .4 .4 -.6 -1.6: squares 2.8 / 25 and 5.2 / 25, x 10 / 9.
    error = np.sqrt((2.8 + 5.2) / 25 * 10 / 9)
    assert row["difference_low"] == pytest.approx(-2.6 - 1.959964 * error)
    assert (row["answers"], row["people"], row["effort_share"]) == (10, 10, 0.5)
    assert (row["finding"], row["status"]) == ("harder with effort", "low_n")
    assert row["correlation_low"] < r < row["correlation_high"] < 0


def test_the_interval_is_fishers_with_the_error_over_persons(
    by_hand: dict[str, dict[str, Any]],
) -> None:
    ces = np.array([9.5, 9.5, 7.5, 7.5, 5.5, 5.5, 3.5, 3.5, 2, 1])
    effort = np.repeat([3.0, 8.0], 5)
    zx, zy = ((v - v.mean()) / v.std() for v in (ces, effort))
    r = (zx * zy).mean()
    error = np.sqrt(((zx * zy - r / 2 * (zx**2 + zy**2)) ** 2).sum() / 100 * 10 / 9)
    wanted = np.tanh(np.arctanh(r) + np.array([-1, 1]) * 1.959964 * error / (1 - r**2))
    row = by_hand["customer"]
    assert [row["correlation_low"], row["correlation_high"]] == pytest.approx(list(wanted))
    # The same ten people, each twice: no surer than once, and ten people.
    twice = by_hand["attendee"]
    assert (twice["people"], twice["answers"]) == (10, 20)
    assert twice["correlation_low"] == pytest.approx(row["correlation_low"])


@pytest.mark.parametrize("seed", range(3))
def test_the_correlation_is_that_of_ranks_with_ties_in_the_middle(seed: int) -> None:
    world = friction_effort.drawn(seed)
    row = judged(friction_effort.answers(world))[f"seed{seed}"]
    assert world["effort"].nunique() >= 3
    assert row["correlation"] == pytest.approx(world["ces"].rank().corr(world["effort"].rank()))


def test_what_runs_the_other_way_and_what_does_not_vary_is_said(
    by_hand: dict[str, dict[str, Any]],
) -> None:
    assert by_hand["fan"]["finding"] == "easier with effort"
    assert by_hand["dealer"]["status"] == "not_measured"
    assert pd.isna(by_hand["dealer"]["correlation"])


FIGURES = ("answers", "people", "ces_mean", "ces_with")


def test_a_small_group_is_hidden(by_hand: dict[str, dict[str, Any]]) -> None:
    """Four people without effort."""
    row = by_hand["donor"]
    assert row["status"] == "suppressed"
    assert all(pd.isna(row[name]) for name in (*FIGURES, "correlation", "difference"))


@pytest.mark.parametrize(
    ("audience", "why"),
    [
        ("member", "one answer about no ticket, which is what the stages leave over"),
        ("superfan", "CES of a quarter is hidden"),
    ],
)
def test_nothing_is_shown_that_could_be_subtracted(
    audience: str, why: str, by_hand: dict[str, dict[str, Any]]
) -> None:
    row = by_hand[audience]
    assert all(pd.isna(row[name]) for name in FIGURES), why
    assert row["correlation"] == pytest.approx(by_hand["customer"]["correlation"])


def test_effort_after_the_answer_explains_nothing() -> None:
    with HouseSql(friction_effort.one_ticket()) as house:
        found = house.rows("int_friction_answers").set_index("answer_id")["effort"]
    assert found.drop("elsewhere").to_dict() == {"before": 0.0, "between": 1.0, "after": 2.0}
    assert pd.isna(found["elsewhere"])


@pytest.fixture(scope="module")
def seeds() -> dict[str, Any]:
    return friction_effort.measured(range(60))


def test_what_is_planted_is_covered_and_the_twin_is_silent(seeds: dict[str, Any]) -> None:
    """A first look; tests/proof has the 400 seeds that the bounds are made for."""
    assert seeds["covered"] >= 0.92 - 3 * np.sqrt(0.92 * 0.08 / 60)
    assert seeds["shuffled_called"] <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)
    assert seeds["called"] > 0.5
