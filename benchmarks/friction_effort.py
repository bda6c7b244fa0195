"""Effort beside ease with the truth known: the house's own mart over made-up answers.

Every seed is an audience of its own, so that all go through the model at once. Ease is a latent
number, lower for each kind of friction and for a wait that the mart knows nothing of, cut into
seven answers; people answer up to three times. In the twin the effort is dealt anew among people.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.house_sql import HouseSql
from benchmarks.twins import found_and_twin

# Declared before the mart was measured: latent ease falls by so much for each kind of friction.
EASE_PER_KIND = -0.55
PEOPLE, TRUTH_PEOPLE = 220, 400_000
CUTS = np.array([-2.1, -1.5, -1.0, -0.5, 0.2, 1.0])
ANSWER = {"answer_id": pa.string(), "audience": pa.string(), "respondent_id": pa.string(),
          "journey": pa.string(), "stage": pa.string(), "ces": pa.float64(),
          "effort": pa.float64(), "answered_on": pa.date32()}  # fmt: skip
VALUE = {"metric": pa.string(), "audience": pa.string(), "period_kind": pa.string(),
         "segment": pa.string(), "period_end": pa.date32(), "status": pa.string()}  # fmt: skip


def answers(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return answers about tickets of one stage, on a day of the last four closed quarters."""
    frame = pd.DataFrame(columns)
    about_a_ticket = frame["effort"].notna()
    return frame.assign(
        answer_id=[f"{a}-{n}" for n, a in enumerate(frame["audience"])],
        journey=np.where(about_a_ticket, "customer", None),
        stage=np.where(about_a_ticket, "get_help", None),
        answered_on=date(2026, 2, 2),
    )


def house(found: pd.DataFrame, hidden: Sequence[str] = ()) -> HouseSql:
    """Return the mart over answers; CES of the ``hidden`` audiences is suppressed in a quarter."""
    names = sorted(set(found["audience"]))
    registry = {
        "audience": pa.array(names),
        "minimum_group": pa.array([5] * len(names), type=pa.int64()),
        "is_minor": pa.array([False] * len(names)),
    }
    values = [
        {"metric": "ces_mean", "audience": name, "period_kind": "quarter", "segment": "all",
         "period_end": date(2026, 1, 1), "status": "suppressed"}
        for name in hidden
    ]  # fmt: skip
    return HouseSql(
        {
            "int_friction_answers": pa.table(
                {c: pa.array(found[c], type=t, from_pandas=True) for c, t in ANSWER.items()}
            ),
            "audiences": pa.table(registry),
            "fct_metric_values": pa.Table.from_pylist(values, schema=pa.schema(VALUE)),
        }
    )


def drawn(seed: int, people: int = PEOPLE) -> pd.DataFrame:
    """Return one world: who answered how easy it was, and what had been seen before."""
    rng = np.random.default_rng([seed, 22])
    who = np.repeat(np.arange(people), rng.integers(1, 4, people))
    trait = rng.normal(0, 0.8, people)[who]
    kinds = rng.poisson(0.35, len(who))
    wait = rng.lognormal(0, 0.8, len(who))
    latent = trait + EASE_PER_KIND * kinds - 0.2 * np.log(wait) + rng.normal(0, 0.8, len(who))
    return pd.DataFrame(
        {
            "audience": f"seed{seed}",
            "respondent_id": [f"p{n}" for n in who],
            "ces": 1.0 + np.searchsorted(CUTS, latent),
            "effort": kinds.astype(float),
        }
    )


def shuffled(world: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the twin: the same answers, the effort of one dealt to another."""
    rng = np.random.default_rng([seed, 23])
    return world.assign(effort=rng.permutation(world["effort"]))


def truth() -> float:
    """Return the rank correlation of the process, from a world too large to matter."""
    world = drawn(10**6, TRUTH_PEOPLE)
    return float(world["ces"].rank().corr(world["effort"].rank()))


def measured(seeds: range) -> dict[str, Any]:
    """Return how often the truth is covered and called, and how often the twin is."""
    found, twin = found_and_twin(seeds, drawn, shuffled, _judged)
    true = truth()
    return {
        "seeds": len(found),
        "true": round(true, 4),
        "covered": float(
            ((found["correlation_low"] <= true) & (true <= found["correlation_high"])).mean()
        ),
        "called": float((found["finding"] == "harder with effort").mean()),
        "wrong_way": float((found["finding"] == "easier with effort").mean()),
        "shuffled_called": float((twin["finding"] != "no clear link").mean()),
    }


def _judged(worlds: Sequence[pd.DataFrame]) -> pd.DataFrame:
    with house(answers(pd.concat(worlds, ignore_index=True))) as made:
        return made.rows("fct_friction_effort")


def one_ticket() -> dict[str, pa.Table]:
    """Return a ticket with two frictions; answers before, between and after them, one of none."""
    at = [pd.Timestamp(2026, 3, day) for day in (1, 3, 5, 5)]
    return {
        "int_survey_answers__judged": pa.table(
            {
                "answer_id": ["before", "between", "after", "elsewhere"],
                "audience": ["customer"] * 4,
                "person_id": ["p"] * 4,
                "account_id": ["a"] * 4,
                "response_id": ["r"] * 4,
                "ticket_id": ["t", "t", "t", None],
                "metric_role": ["ces"] * 4,
                "confidentiality": ["identified"] * 4,
                "answer_value": [7.0] * 4,
                "excluded_as": pa.nulls(4, pa.string()),
                "answered_at": pa.array(at, type=pa.timestamp("us")),
            }
        ),
        "int_frictions": pa.table(
            {
                "friction_id": ["one", "two"],
                "record": ["ticket"] * 2,
                "record_id": ["t"] * 2,
                "begun_at": pa.array([at[1], pd.Timestamp(2026, 3, 4)], type=pa.timestamp("us")),
            }
        ),
        "int_friction_touchpoints": pa.table(
            {"touchpoint_key": ["ticket:t"], "journey": ["customer"], "stage": ["get_help"]}
        ),
    }
