"""Recovery against a regression with clustered errors, its gate, and what it calls itself."""

import csv
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks import recovery
from benchmarks.house_sql import PROJECT, HouseSql

SEEDS = range(1, 9)
Row = dict[str, Any]


@pytest.fixture(scope="module")
def worlds() -> dict[int, pd.DataFrame]:
    return {seed: recovery.world(np.random.default_rng(seed), 300) for seed in SEEDS}


def regressed(cases: pd.DataFrame) -> tuple[float, float]:
    """Return the slope of the change on being told, and its error clustered over persons."""
    open_to = cases[~cases["refuses"]]
    x = np.column_stack([np.ones(len(open_to)), open_to["is_told"].astype(float)])
    y = (open_to["next_score"] - open_to["score"]).to_numpy()
    bread = np.linalg.inv(x.T @ x)
    slopes = bread @ x.T @ y
    left = y - x @ slopes
    persons = open_to["person"].to_numpy()
    known = np.unique(persons)
    sums = np.array([(x[persons == who] * left[persons == who, None]).sum(axis=0) for who in known])
    covariance = bread @ (sums.T @ sums) @ bread * len(known) / (len(known) - 1)
    return float(slopes[1]), float(np.sqrt(covariance[1, 1]))


def test_it_is_a_regression_with_errors_clustered_over_persons(
    worlds: dict[int, pd.DataFrame],
) -> None:
    rows = recovery.found(worlds).set_index("family")
    for seed, cases in worlds.items():
        slope, error = regressed(cases)
        row = rows.loc[f"w{seed}"]
        assert (row["recovery"], row["std_error"]) == pytest.approx((slope, error), rel=1e-9)
        assert row["low"] == pytest.approx(slope - 1.959964 * error)
        assert row["high"] == pytest.approx(slope + 1.959964 * error)
    assert max(cases.groupby("person").size().max() for cases in worlds.values()) > 1


def side(name: str, persons: int, told: bool, changes: list[float]) -> list[Row]:
    return [
        {
            "rule": name,
            "family": "fan",
            "person_id": f"{name}{told}{n}",
            "trigger": "answer",
            "told_at": pd.Timestamp("2026-01-02") if told else pd.NaT,
            "score": 5.0,
            "next_score": 5.0 + changes[n % len(changes)],
        }
        for n in range(persons)
    ]


def found(rows: list[Row], barred: tuple[str, ...] = ()) -> dict[str, Row]:
    cases = pd.DataFrame(rows)
    asked = cases[["person_id"]].drop_duplicates().assign(purpose="contact")
    asked["may_be_contacted"] = ~asked["person_id"].isin(barred)
    with (PROJECT / "seeds" / "case_rules.csv").open() as lines:
        shipped = next(csv.DictReader(lines))
    limits = {"plain": None, "null": None, "by_lot": "random", "by_capacity": "capacity"}
    rules = pd.DataFrame(
        [{**shipped, "rule": name, "contact_limited_by": by} for name, by in limits.items()]
    )
    given = {
        "fct_closed_loop_cases": cases,
        "dim_person_contactability": asked,
        "case_rules": rules,
    }
    with HouseSql(given) as house:
        made = house.rows("fct_case_recovery").to_dict("records")
    return {row["rule"]: row for row in made}


def test_a_null_is_a_result_and_the_registry_says_what_it_is() -> None:
    better, same = [3.0, 1.0], [1.0, -1.0]
    rows = [
        *side("plain", 30, True, better), *side("plain", 30, False, same),
        *side("null", 30, True, same), *side("null", 30, False, same),
        *side("by_lot", 30, True, same), *side("by_lot", 30, False, better),
        *side("by_capacity", 30, True, better), *side("by_capacity", 30, False, same),
    ]  # fmt: skip
    says = {name: (r["recovery"], r["finding"], r["basis"]) for name, r in found(rows).items()}
    assert says == {
        "plain": (2.0, "recovered more", "association"),
        "null": (0.0, "no difference found", "association"),
        "by_lot": (-2.0, "recovered less", "contact was limited by lot"),
        "by_capacity": (2.0, "recovered more", "contact was limited by capacity"),
    }


def test_below_thirty_persons_on_a_side_there_is_no_figure_at_all() -> None:
    enough = [*side("plain", 30, True, [3.0, 1.0]), *side("plain", 30, False, [1.0, -1.0])]
    assert found(enough)["plain"]["persons_told"] == 30
    # One of them does not want to be contacted, and so is on neither side.
    few = found(enough, barred=("plainTrue0",))["plain"]
    assert few["finding"] == "not enough data"
    assert all(pd.isna(few[name]) for name in ("recovery", "told", "not_told", "persons_told",
                                               "change_told", "std_error", "low"))  # fmt: skip
    # Thirty cases of 29 persons are 29.
    twice = [row | {"person_id": row["person_id"].replace("False0", "False1")} for row in enough]
    assert found(twice)["plain"]["finding"] == "not enough data"
