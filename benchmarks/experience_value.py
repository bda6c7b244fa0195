"""What promoters spend more than detractors, with the truth known: the house's own mart.

Every seed is an audience of its own, so that all go through the mart at once. Money goes by orders
that follow an answer of 9 or 10, as in the sandbox; or, which the mart does not assume, by a
loyalty that answer and money both come from, with a few who buy very often. In the twin answers are
dealt anew.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.house_sql import HouseSql, tables
from benchmarks.twins import found_and_twin, told_by_interval
from ingestion.sandbox.action_effects import BUYS_AGAIN, SAID_FROM
from ingestion.sandbox.effects import MOOD_SD, NPS, ORDERS_PER_TRAIT

# Declared before the mart was measured: orders a year, and how they grow with loyalty; those of the
# second process are spread by a gamma of this shape besides.
A_YEAR, PER_LOYALTY, SHAPE = 0.42, 0.45, 1.5
PEOPLE, TRUTH_PEOPLE = 420, 2_000_000
# As the sandbox's orders: the middle one, and the spread of its logarithm.
AMOUNT, SPREAD = 62.0, 0.6
ANSWERED = datetime(2024, 5, 10, 12)
STAMP, FAMILY = pa.timestamp("us"), "customer"
GIVEN = {
    "int_survey_answers__judged": {
        "person_id": pa.string(), "audience": pa.string(), "family": pa.string(),
        "answer_value": pa.float64(), "answered_at": STAMP, "excluded_as": pa.string(),
        "confidentiality": pa.string(), "metric_role": pa.string(), "scale_min": pa.float64(),
        "scale_max": pa.float64(),
    },
    "int_persons": {
        "person_id": pa.string(), "is_minor": pa.bool_(), "is_workforce": pa.bool_(),
    },
    "int_persons__active": {
        "person_id": pa.string(), "family": pa.string(), "moment": pa.date32(),
    },
    "int_orders__money": {
        "person_id": pa.string(), "family": pa.string(), "ordered_on": pa.date32(),
        "net_revenue": pa.float64(),
    },
    "fct_metric_values": {
        "metric": pa.string(), "audience": pa.string(), "period_kind": pa.string(),
        "segment": pa.string(), "period_start": pa.date32(), "status": pa.string(),
    },
}  # fmt: skip
Process = Callable[[np.random.Generator, np.ndarray, np.ndarray], np.ndarray]


def by_what_was_said(
    rng: np.random.Generator, loyalty: np.ndarray, score: np.ndarray
) -> np.ndarray:
    """Return how many orders each places in the year, as in the sandbox."""
    again = (score >= SAID_FROM) & (rng.random(len(score)) < BUYS_AGAIN)
    return rng.poisson(A_YEAR * np.exp(ORDERS_PER_TRAIT * loyalty)) + again


def by_loyalty(rng: np.random.Generator, loyalty: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Return how many orders each places in the year, whatever was answered."""
    habit = rng.gamma(SHAPE, 1 / SHAPE, len(loyalty))
    return rng.poisson(A_YEAR * habit * np.exp(PER_LOYALTY * loyalty))


def drawn(seed: int, process: Process, people: int = PEOPLE) -> pd.DataFrame:
    """Return one world: what each person answered, and what they spent in the year after."""
    rng = np.random.default_rng([seed, 28])
    loyalty = rng.normal(size=people)
    score = NPS.score(0.1 + loyalty + MOOD_SD * rng.normal(size=people))
    orders = process(rng, loyalty, score)
    amounts = AMOUNT * np.exp(SPREAD * rng.normal(size=orders.sum()))
    owner = np.repeat(np.arange(people), orders)
    return pd.DataFrame({"score": score, "spent": np.bincount(owner, amounts, people)})


def truth(process: Process) -> float:
    """Return what promoters spend more, of so many people that chance is nothing."""
    world = drawn(10**6, process, TRUTH_PEOPLE)
    promoters, detractors = world["score"] >= SAID_FROM, world["score"] <= 6
    return float(world.loc[promoters, "spent"].mean() - world.loc[detractors, "spent"].mean())


def dealt(world: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the twin: the same answers, of others."""
    rng = np.random.default_rng([seed, 29])
    return world.assign(score=rng.permutation(world["score"]))


def judged(worlds: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return what promoters spend more, as an interval, by the mart's two; one row a world."""
    people = pd.concat(
        [of.assign(audience=f"w{n}", person_id=[f"w{n}-{i}" for i in range(len(of))])
         for n, of in enumerate(worlds)]
    ).assign(family=FAMILY)  # fmt: skip
    answers = people.assign(
        answer_value=people["score"].astype(float),
        answered_at=ANSWERED,
        confidentiality="identified",
        metric_role="nps",
        scale_min=0.0,
        scale_max=10.0,
    )
    spent = people[people["spent"] > 0]
    orders = spent.assign(
        ordered_on=ANSWERED.date() + timedelta(days=100), net_revenue=spent["spent"]
    )
    # Orders are on record since before anybody was asked.
    first = {"person_id": "somebody", "family": FAMILY, "ordered_on": date(2024, 1, 1)}
    given = {
        "int_survey_answers__judged": answers,
        "int_persons": people.assign(is_minor=False, is_workforce=False),
        "int_orders__money": pd.concat([orders, pd.DataFrame([first])]),
    }
    with HouseSql(tables(GIVEN, given)) as house:
        rows = house.rows("fct_experience_value")
    told = rows.pivot_table(
        index="audience", columns="answer_class", values=["revenue", "revenue_high"]
    )
    ends = told["revenue_high"] - told["revenue"]
    reach = np.hypot(ends["promoter"], ends["detractor"])
    more = told["revenue"]["promoter"] - told["revenue"]["detractor"]
    return pd.DataFrame({"low": more - reach, "high": more + reach})


def measured(seeds: range, process: Process) -> dict[str, Any]:
    """Return how often the truth is covered and called, and how often the twin is."""
    found, twin = found_and_twin(seeds, partial(drawn, process=process), dealt, judged)
    return told_by_interval(found, twin, truth(process))
