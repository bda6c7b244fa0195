"""Who says so and who does, with the truth known: the house's own models of saying and doing.

Every seed is an audience of its own, so that all go through the models at once. Deeds go by what
was said, as in the sandbox; or, which the mart does not assume, by a loyalty that answer and deed
both come from and a rate a day that knows no window. In the twin deeds are dealt anew.
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
from ingestion.sandbox.action_effects import RECOMMENDS, RECOMMENDS_ANYWAY, SAID_FROM
from ingestion.sandbox.effects import MOOD_SD, NPS

# Declared before the mart was measured: deeds a day on the logarithm, and more per unit of loyalty.
A_DAY, PER_LOYALTY = -5.4, 0.9
PEOPLE, TRUTH_PEOPLE, WINDOW_DAYS = 110, 2_000_000, 90
ASKED = datetime(2025, 10, 10, 12)
STAMP = pa.timestamp("us")
GIVEN = {
    "int_survey_answers__judged": {
        "answer_id": pa.string(), "person_id": pa.string(), "audience": pa.string(),
        "instrument": pa.string(), "metric_role": pa.string(), "question_key": pa.string(),
        "answer_value": pa.float64(), "confidentiality": pa.string(), "excluded_as": pa.string(),
        "answered_at": STAMP,
    },
    "int_deeds": {
        "person_id": pa.string(), "record": pa.string(), "deed_kind": pa.string(),
        "activity": pa.string(), "happened_on": pa.date32(),
    },
    "int_stage_events": {
        "person_id": pa.string(), "journey": pa.string(), "stage": pa.string(), "entered_at": STAMP,
    },
    "int_memberships": {
        "person_id": pa.string(), "audience": pa.string(), "valid_from": STAMP, "valid_to": STAMP,
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
    """Return after how many days each does it, as in the sandbox; infinity for never."""
    does = rng.random(len(score)) < np.where(score >= SAID_FROM, RECOMMENDS, RECOMMENDS_ANYWAY)
    return np.where(does, rng.integers(1, 76, len(score)), np.inf)


def by_loyalty(rng: np.random.Generator, loyalty: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Return after how many days each does it, whatever was said: the loyal sooner."""
    return np.ceil(rng.exponential(np.exp(-(A_DAY + PER_LOYALTY * loyalty))))


def drawn(seed: int, process: Process, people: int = PEOPLE) -> pd.DataFrame:
    """Return one world: what each person answered, and after how many days they did it."""
    rng = np.random.default_rng([seed, 26])
    loyalty = rng.normal(size=people)
    score = NPS.score(0.1 + loyalty + MOOD_SD * rng.normal(size=people))
    return pd.DataFrame({"score": score, "days": process(rng, loyalty, score)})


def truth(process: Process) -> float:
    """Return how much more often who said so does, of so many people that chance is nothing."""
    world = drawn(10**6, process, TRUTH_PEOPLE)
    did = (world["days"] <= WINDOW_DAYS).groupby(world["score"] >= SAID_FROM).mean()
    return float(did[True] - did[False])


def dealt(world: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the twin: as many deeds, of others."""
    rng = np.random.default_rng([seed, 27])
    return world.assign(days=rng.permutation(world["days"]))


def judged(worlds: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return what the mart says, one row a world."""
    people = pd.concat(
        [of.assign(audience=f"w{n}", person_id=[f"w{n}-{i}" for i in range(len(of))])
         for n, of in enumerate(worlds)]
    )  # fmt: skip
    answers = people.assign(
        answer_id=people["person_id"],
        instrument="customer_nps",
        metric_role="nps",
        answer_value=people["score"].astype(float),
        confidentiality="identified",
        answered_at=ASKED,
    )
    done = people[people["days"] < 400]
    days = [ASKED.date() + timedelta(days=int(after)) for after in done["days"]]
    done = pd.concat(
        [
            done.assign(happened_on=days),
            # Deeds are on record since before anybody was asked.
            pd.DataFrame([{"person_id": "somebody", "happened_on": date(2025, 1, 1)}]),
        ]
    ).assign(record="touchpoint", deed_kind="share", activity="advocate")
    given = {"int_survey_answers__judged": answers, "int_deeds": done}
    with HouseSql(tables(GIVEN, given)) as house:
        found = house.rows("fct_say_do")
    lifts = found[found["intention"] == "recommend"]
    return lifts.rename(columns={"lift_low": "low", "lift_high": "high"})


def measured(seeds: range, process: Process) -> dict[str, Any]:
    """Return how often the truth is covered and called, and how often the twin is."""
    found, twin = found_and_twin(seeds, partial(drawn, process=process), dealt, judged)
    return told_by_interval(found, twin, truth(process))
