"""Does recovery find what was planted, and nothing else? `python -m benchmarks.recovery`.

The statistics alone: 400 fixed seeds are 400 families of one house, and `fct_case_recovery` judges
all of them at once. People answer four times, as the sandbox's fans do; of those who give 0 to 6
some are spoken to, by lot, and give more at the next answer. The twin has the same answers, with
those who were spoken to dealt anew. In a third world people choose whom to call, and calling does
nothing: what is found there is why the figure is called an association.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.house_sql import HouseSql
from ingestion.sandbox.effects import CALLED, DETRACTOR, MOOD_SD, NPS, SPOKEN_TO, TRAIT_SD
from ingestion.sandbox.followups import raised

RESULTS = Path(__file__).parent / "results" / "recovery.json"
SEEDS = range(1, 401)
# About as few as the gate lets through, which the sandbox has, and families of some size.
PEOPLE = (220, 500, 1500)
ANSWERS, LEVEL, REFUSE = 4, 0.35, 0.1
BY_LOT = CALLED * SPOKEN_TO


def world(generator: np.random.Generator, people: int, by_choice: bool = False) -> pd.DataFrame:
    """Return the cases of a world that were scored again: score, next one, told, what it gave."""
    trait = TRAIT_SD * generator.standard_normal(people)
    refuses = generator.random(people) < REFUSE
    # Who likes to be called is called: chosen by what they are like, not by lot.
    chance = BY_LOT * 2 / (1 + np.exp(-2 * trait)) if by_choice else np.full(people, BY_LOT)
    given = [_answer(generator, trait)]
    owed, parts = np.zeros(people, dtype=bool), []
    for _ in range(ANSWERS - 1):
        bad = given[-1] <= DETRACTOR
        told = bad & ~refuses & (generator.random(people) < chance)
        owed = told & (not by_choice)
        plain = _answer(generator, trait)
        following = np.where(owed, raised(plain), plain)
        # Who wants to be left alone stays angry, and is no comparison for those who were called.
        following = np.where(refuses, np.maximum(following - 3, 0), following)
        parts.append(
            pd.DataFrame(
                {
                    "person": np.flatnonzero(bad),
                    "score": given[-1][bad].astype(float),
                    "next_score": following[bad].astype(float),
                    "is_told": told[bad],
                    "refuses": refuses[bad],
                    "gave": (following - plain)[bad],
                }
            )
        )
        given.append(following)
    return pd.concat(parts, ignore_index=True)


def _answer(generator: np.random.Generator, trait: np.ndarray) -> np.ndarray:
    return NPS.score(LEVEL + trait + MOOD_SD * generator.standard_normal(len(trait)))


def truth() -> float:
    """Return what being spoken to gives on average, of so many people that chance is nothing."""
    seen = world(np.random.default_rng(20_260_630), 2_000_000)
    return float(seen.loc[seen["is_told"], "gave"].mean())


def dealt(cases: pd.DataFrame, generator: np.random.Generator) -> pd.DataFrame:
    """Return the twin: the same answers, those who were told dealt at random."""
    open_to = ~cases["refuses"].to_numpy()
    told = cases["is_told"].to_numpy().copy()
    told[open_to] = generator.permutation(told[open_to])
    return cases.assign(is_told=told)


def found(worlds: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """Return what the house makes of many worlds, each a family of its own."""
    cases = pd.concat([of.assign(family=f"w{seed}") for seed, of in worlds.items()])
    cases = cases.assign(
        person_id=cases["family"] + ":" + cases["person"].astype(str),
        rule="nps_detractor",
        trigger="answer",
        told_at=pd.Timestamp("2026-01-02").to_datetime64(),
    )
    cases["told_at"] = cases["told_at"].where(cases["is_told"], pd.NaT)
    persons = cases[["person_id", "refuses"]].drop_duplicates()
    asked = persons.assign(purpose="contact", may_be_contacted=~persons["refuses"])
    columns = ["rule", "family", "person_id", "trigger", "told_at", "score", "next_score"]
    given = {
        "fct_closed_loop_cases": cases[columns],
        "dim_person_contactability": asked[["person_id", "purpose", "may_be_contacted"]],
    }
    with HouseSql(given) as house:
        return house.rows("fct_case_recovery")


def judged(people: int, true: float, seeds: range = SEEDS) -> dict[str, Any]:
    """Return coverage and power, what the twin shows, and what choosing shows, of one size."""
    planted, twins, chosen = {}, {}, {}
    for seed in seeds:
        generator = np.random.default_rng([seed, people])
        planted[seed] = world(generator, people)
        twins[seed] = dealt(planted[seed], generator)
        chosen[seed] = world(generator, people, by_choice=True)
    rows, twin, by_choice = found(planted), found(twins), found(chosen)
    enough = rows[rows["finding"] != "not enough data"]
    held = (enough["low"] <= true) & (true <= enough["high"])
    return {
        "people": people,
        "worlds": len(rows),
        "judged": len(enough),
        "persons_told": round(float(enough["persons_told"].mean()), 1),
        "persons_not_told": round(float(enough["persons_not_told"].mean()), 1),
        "recovery": round(float(enough["recovery"].mean()), 4),
        "covered": round(float(held.mean()), 4),
        "power": round(float((enough["finding"] == "recovered more").mean()), 4),
        "wrong_sign": round(float((enough["finding"] == "recovered less").mean()), 4),
        "twin_judged": int((twin["finding"] != "not enough data").sum()),
        "twin_found": round(_share_found(twin), 4),
        "by_choice_found": round(_share_found(by_choice), 4),
    }


def _share_found(rows: pd.DataFrame) -> float:
    enough = rows[rows["finding"] != "not enough data"]
    return float(enough["finding"].isin(["recovered more", "recovered less"]).mean())


def measured(seeds: range = SEEDS) -> dict[str, Any]:
    """Return all sizes, and what is true."""
    true = truth()
    sizes = [judged(people, true, seeds) for people in PEOPLE]
    return {"true": round(true, 4), "seeds": [seeds[0], seeds[-1]], "sizes": sizes}


if __name__ == "__main__":
    result = measured(SEEDS[: int(sys.argv[1])] if len(sys.argv) > 1 else SEEDS)
    RESULTS.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
    print(json.dumps(result, indent=1))
