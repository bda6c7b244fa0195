"""Loyalty under stress with the truth known: the house's own mart over made-up months.

Every seed is an audience of its own, so that all go through the mart at once. Who orders more
lives more stress and stays longer, which the strata know; a liking that nobody knows makes a
person's months alike. In the twin the stress is dealt anew within each stratum. `rough` is a
process that the mart does not assume: an outage hits many at once, whoever leaves has left for all
months, and stress costs more with those who order less.
"""

import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.house_sql import HouseSql, tables
from benchmarks.twins import found_and_twin

# Declared before the mart was measured: the share that stays falls by so much, by orders.
STAYS = np.array([0.45, 0.60, 0.70, 0.80])
EVEN, UNEVEN = np.array([-0.12] * 4), np.array([-0.25, -0.16, -0.08, -0.04])
STRESS, PER_ORDER, LIKING = 0.07, 0.03, 0.12
PEOPLE, MONTHS_EACH, TRUTH_PEOPLE = 500, 3, 400_000
MONTH = {"person_id": pa.string(), "family": pa.string(), "audience": pa.string(),
         "month": pa.date32(), "period_start": pa.date32(), "period_end": pa.date32(),
         "stratum": pa.string(), "stresses": pa.list_(pa.string()),
         "is_retained": pa.bool_()}  # fmt: skip
ANSWER = {"excluded_as": pa.string(), "confidentiality": pa.string(), "metric_role": pa.string(),
          "scale_min": pa.float64(), "scale_max": pa.float64()}  # fmt: skip
GIVEN = {"int_loyalty_months": MONTH, "int_survey_answers__judged": ANSWER,
         "int_ticket_targets": {"ticket_id": pa.string()},
         "price_rises": {"audience": pa.string(), "raised_on": pa.date32()}}  # fmt: skip


def mart(months: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the mart over audience, person_id, stratum, stresses and is_retained."""
    about = {"period_start": date(2024, 10, 1), "period_end": date(2025, 10, 1)}
    asked = {"confidentiality": "identified", "metric_role": "csat", "scale_min": 1.0,
             "scale_max": 5.0}  # fmt: skip
    given = {
        "int_loyalty_months": months.assign(**about),
        "int_survey_answers__judged": [asked],
        "int_ticket_targets": [{"ticket_id": "t"}],
    }
    with HouseSql(tables(GIVEN, given)) as house:
        found: pd.DataFrame = house.rows("fct_loyalty_under_stress")
    return found


def drawn(seed: int, people: int = PEOPLE, *, rough: bool) -> pd.DataFrame:
    """Return one world: a row a person and month, with stratum, is_stressed, cost and stayed."""
    rng = np.random.default_rng([seed, 77, rough])
    orders = rng.choice(4, people, p=[0.2, 0.3, 0.3, 0.2])
    country = rng.choice(2, people)
    liking = rng.uniform(-LIKING, LIKING, people)
    fate = rng.random(people)
    who = np.repeat(np.arange(people), MONTHS_EACH)
    month = rng.random((people, 12)).argsort(axis=1)[:, :MONTHS_EACH].ravel()
    chance = STRESS + PER_ORDER * orders[who]
    if rough:
        chance = np.where((month == 4) & (country[who] == 1), 0.5, chance)
    is_stressed = rng.random(len(who)) < chance
    cost = (UNEVEN if rough else EVEN)[orders[who]]
    stays = STAYS[orders[who]] + liking[who] + cost * is_stressed
    stayed = (fate[who] if rough else rng.random(len(who))) < stays
    strata = pd.Series(month * 100 + country[who] * 10 + orders[who]).astype(str)
    return pd.DataFrame(
        {
            "audience": f"seed{seed}",
            "person_id": f"seed{seed}-" + pd.Series(who).astype(str),
            "stratum": f"seed{seed}|" + strata,
            "is_stressed": is_stressed,
            "cost": cost,
            "is_retained": stayed,
        }
    )


def truth(*, rough: bool) -> float:
    """Return what stress costs those who live it, from a world too large to matter."""
    world = drawn(10**6, TRUTH_PEOPLE, rough=rough)
    return float(world.loc[world["is_stressed"], "cost"].mean())


def dealt(world: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the twin: in each stratum as many who lived it, and others."""
    rng = np.random.default_rng([seed, 78])
    shuffled = world.iloc[rng.permutation(len(world))].sort_values("stratum", kind="stable")
    ordered = world.sort_values("stratum", kind="stable")
    return shuffled.assign(is_stressed=ordered["is_stressed"].to_numpy())


def judged(worlds: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return what the mart says of bad CSAT, one row a world."""
    months = pd.concat(worlds, ignore_index=True)
    stresses = np.where(months["is_stressed"], "bad_csat", "")
    found = mart(months.assign(stresses=pd.Series([[s] if s else [] for s in stresses])))
    return found[found["stress"] == "bad_csat"]


def measured(seeds: Sequence[int], *, rough: bool) -> dict[str, Any]:
    """Return how often the truth is covered and called, and how often the twin is."""
    found, twin = found_and_twin(seeds, partial(drawn, rough=rough), dealt, judged)
    true = truth(rough=rough)
    return {
        "seeds": len(found),
        "told": float((found["status"] == "ok").mean()),
        "true": round(true, 4),
        "mean": round(float(found["difference"].mean()), 4),
        "covered": float(((found["low"] <= true) & (true <= found["high"])).mean()),
        "power": float((found["finding"] == "stayed less").mean()),
        "wrong_way": int((found["finding"] == "stayed more").sum()),
        "persons_stressed": round(float(found["persons_stressed"].mean()), 1),
        "twin_called": float(twin["finding"].isin(["stayed less", "stayed more"]).mean()),
    }


if __name__ == "__main__":
    for is_rough in (False, True):
        print(is_rough, measured(range(int(sys.argv[1])), rough=is_rough))
