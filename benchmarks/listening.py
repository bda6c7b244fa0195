"""Whom we hear and what the never heard do, with the truth known: the house's own marts.

Every seed is an audience of its own, so that all go through the models at once. Who answers and
who leaves both depend on a loyalty that the mart does not know; in the twin the heard are dealt
anew.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.house_sql import AS_OF, HouseSql, tables
from benchmarks.twins import found_and_twin

# Declared before the mart was measured. Log-odds of answering and of leaving per unit of loyalty:
# those never heard leave more often.
ANSWERS, ANSWERS_PER_LOYALTY = -0.9, 0.8
LEAVES, LEAVES_PER_LOYALTY = -1.1, -1.0
PEOPLE, TRUTH_PEOPLE = 500, 2_000_000
SEEN, HEARD = datetime(2025, 3, 3, 12), datetime(2025, 3, 5, 12)
WATCHED_FROM, WATCHED_TO = date(2025, 11, 1), date(2026, 5, 1)
STAMP = pa.timestamp("us")
TOUCHPOINT = {"person_id": pa.string(), "audience": pa.string(), "family": pa.string(),
              "journey": pa.string(), "stage": pa.string(), "occurred_at": STAMP}  # fmt: skip
RESPONSE = {"person_id": pa.string(), "respondent_id": pa.string(), "audience": pa.string(),
            "journey": pa.string(), "stage": pa.string(), "feedback_kind": pa.string(),
            "is_protected": pa.bool_(), "occurred_at": STAMP}  # fmt: skip
ACTIVE = {"person_id": pa.string(), "family": pa.string(), "moment": pa.date32()}
DEED = {"person_id": pa.string(), "family": pa.string(), "record": pa.string(),
        "happened_on": pa.date32()}  # fmt: skip
AUDIENCE = {"audience": pa.string(), "minimum_group": pa.int64(), "is_minor": pa.bool_()}
VISIT = {"visit_id": pa.string(), "visit_kind": pa.string(), "journey": pa.string(),
         "stage": pa.string(), "criterion": pa.string(), "score": pa.float64(),
         "scale_max": pa.float64(), "visited_at": STAMP}  # fmt: skip
GIVEN = {"int_journey_touchpoints": TOUCHPOINT, "int_journey_responses": RESPONSE,
         "int_persons__active": ACTIVE, "int_deeds": DEED, "audiences": AUDIENCE,
         "audit_visits": VISIT}  # fmt: skip


def house(as_of: str = AS_OF, **given: Sequence[dict[str, Any]] | pd.DataFrame) -> HouseSql:
    """Return the models of listening over what is given of what they read; the rest is empty."""
    return HouseSql(tables(GIVEN, given), as_of)


def chance(log_odds: np.ndarray) -> np.ndarray:
    """Return the probability of log-odds."""
    return 1 / (1 + np.exp(-log_odds))


def drawn(seed: int, people: int = PEOPLE) -> pd.DataFrame:
    """Return one world: who answered, and who of the active had left half a year later."""
    rng = np.random.default_rng([seed, 24])
    loyalty = rng.normal(size=people)
    return pd.DataFrame(
        {
            "audience": f"seed{seed}",
            "person_id": [f"seed{seed}-{n}" for n in range(people)],
            "is_heard": rng.random(people) < chance(ANSWERS + ANSWERS_PER_LOYALTY * loyalty),
            "left": rng.random(people) < chance(LEAVES + LEAVES_PER_LOYALTY * loyalty),
        }
    )


def truth() -> float:
    """Return by how much the never heard leave more often, from a world too large to matter."""
    world = drawn(10**6, TRUTH_PEOPLE)
    share = world.groupby("is_heard")["left"].mean()
    return float(share[False] - share[True])


def shuffled(world: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the twin: as many heard, and others."""
    rng = np.random.default_rng([seed, 25])
    return world.assign(is_heard=rng.permutation(world["is_heard"]))


def judged(worlds: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return what the mart says of churn, one row a world."""
    people = pd.concat(worlds, ignore_index=True).assign(
        family="customer", journey="customer", stage="get_help"
    )
    stayed = people[~people["left"]]
    heard = people[people["is_heard"]]
    names = sorted(set(people["audience"]))
    with house(
        int_journey_touchpoints=people.assign(occurred_at=SEEN),
        int_journey_responses=heard.assign(
            respondent_id=heard["person_id"],
            feedback_kind="triggered",
            is_protected=False,
            occurred_at=HEARD,
        ),
        int_persons__active=pd.concat(
            [people.assign(moment=WATCHED_FROM), stayed.assign(moment=WATCHED_TO)]
        ),
        audiences=[{"audience": a, "minimum_group": 5, "is_minor": False} for a in names],
    ) as made:
        found = made.rows("fct_listening_outcomes")
    return found[found["outcome"] == "churned"]


def measured(seeds: range) -> dict[str, Any]:
    """Return how often the truth is covered and called, and how often the twin is."""
    found, twin = found_and_twin(seeds, drawn, shuffled, judged)
    true = truth()
    return {
        "seeds": len(found),
        "true": round(true, 4),
        "covered": float(
            ((found["difference_low"] <= true) & (true <= found["difference_high"])).mean()
        ),
        "called": float((found["finding"] == "more of the never heard").mean()),
        "wrong_way": float((found["finding"] == "fewer of the never heard").mean()),
        "shuffled_called": float((twin["finding"] != "no clear difference").mean()),
    }
