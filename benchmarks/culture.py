"""What those inside believe and how alike departments answer, with the truth known.

The house's own models over made-up answers. Every seed is an audience and an instrument of its own,
so that all go through the marts at once. Beliefs and answers are latent numbers cut into five, and
customers answer up to three times with a trait of their own, which no model is told of. In the twin
those inside believe what is answered, and all departments answer as the first does.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.house_sql import HouseSql, python_model, tables

# Declared before the marts were measured.
BELIEVED_HIGHER = 0.5
CUTS = np.array([-1.7, -0.9, -0.2, 0.8])
CUSTOMERS, INSIDERS, TRUTH_PEOPLE = 120, 90, 2_000_000
DEPARTMENT_SIZES = (22, 14, 11, 8, 6, 5)
ALIKE = (0.45, 0.25, 0.15, 0.10, 0.05)
# Two of the six departments answer so.
OTHERWISE = (0.15, 0.20, 0.45, 0.05, 0.15)
STAMP = pa.timestamp("us")
OPENED, CLOSED, AS_OF = date(2026, 1, 1), date(2026, 4, 1), "2026-06-30T00:00:00"
ANSWER = {
    **dict.fromkeys(("answer_id", "response_id", "person_id", "account_id", "audience",
                     "instrument", "question_key", "question_id", "metric_role", "confidentiality",
                     "excluded_as"), pa.string()),
    **dict.fromkeys(("answer_value", "scale_min", "scale_max"), pa.float64()),
    "answered_at": STAMP, "wave_opened_on": pa.date32(), "wave_closed_on": pa.date32(),
}  # fmt: skip
BELIEF = {"question_key": pa.string(), "audience": pa.string()}
ITEM = {"question_key": pa.string(), "metric_role": pa.string(), "scale_min": pa.float64(),
        "scale_max": pa.float64()}  # fmt: skip
AUDIENCE = {"audience": pa.string(), "minimum_group": pa.int64(), "is_minor": pa.bool_()}
PROTECTION = {"instrument": pa.string(), "minimum_group": pa.int64()}
UNIT = {"person_id": pa.string(), "wave_opened_on": pa.date32(), "department": pa.string()}
VALUE = {**dict.fromkeys(("metric", "audience", "period_kind", "segment", "status"), pa.string()),
         "period_start": pa.date32()}  # fmt: skip
TOLD = {**dict.fromkeys(("instrument", "role", "question", "measure", "status"), pa.string()),
        **dict.fromkeys(("period_start", "period_end"), pa.date32()),
        **dict.fromkeys(("value", "std_error", "low", "high"), pa.float64()),
        "people": pa.int64(), "is_protected": pa.bool_()}  # fmt: skip
GIVEN = {"int_survey_answers__judged": ANSWER, "beliefs": BELIEF, "survey_items": ITEM,
         "audiences": AUDIENCE, "int_instruments__protection": PROTECTION,
         "int_employments__units_at_wave": UNIT, "fct_metric_values": VALUE,
         "int_culture__told": TOLD}  # fmt: skip


def house(**given: Sequence[dict[str, Any]] | pd.DataFrame) -> HouseSql:
    """Return the models of culture over what is given of what they read; the rest is empty."""
    return HouseSql(tables(GIVEN, given), AS_OF)


def answers(columns: dict[str, Any]) -> pd.DataFrame:
    """Return answers on a scale of five, those inside in their wave, an audience in its quarter."""
    frame = pd.DataFrame(columns)
    inside = frame["metric_role"].isin(["belief", "statement", "choice"])
    return frame.assign(
        answer_id=[f"a{n}" for n in range(len(frame))],
        response_id=[f"r{n}" for n in range(len(frame))],
        scale_min=1.0,
        scale_max=5.0,
        question_id="q",
        confidentiality=np.where(inside, "confidential", "identified"),
        excluded_as=np.where(inside, "unmapped", None),
        answered_at=datetime(2026, 2, 2, 12),
        wave_opened_on=np.where(inside, OPENED, None),
        wave_closed_on=np.where(inside, CLOSED, None),
    )


def coded(latent: np.ndarray) -> np.ndarray:
    """Return the answers, 1 to 5, that latent numbers lead to."""
    return 1.0 + np.searchsorted(CUTS, latent)


def believed_and_answered(seed: int, higher: float) -> pd.DataFrame:
    """Return one world: what customers answered and what those inside believe."""
    rng = np.random.default_rng([seed, 41])
    who = np.repeat(np.arange(CUSTOMERS), rng.integers(1, 4, CUSTOMERS))
    latent = rng.normal(0, 0.8, CUSTOMERS)[who] + rng.normal(0, 0.6, len(who))
    answered = {
        "person_id": [f"{seed}:c{n}" for n in who],
        "audience": f"seed{seed}",
        "instrument": "ticket_survey",
        "metric_role": "csat",
        "answer_value": coded(latent),
    }
    believed = {
        "person_id": [f"{seed}:i{n}" for n in range(INSIDERS)],
        "audience": "employee",
        "instrument": f"seed{seed}",
        "metric_role": "belief",
        "answer_value": coded(higher + rng.normal(0, 1, INSIDERS)),
    }
    both = pd.concat([pd.DataFrame(answered), pd.DataFrame(believed)], ignore_index=True)
    return both.assign(question_key=f"seed{seed}")


@cache
def true_gaps() -> dict[str, float]:
    """Return the gaps of the process by measure, from a world too large to matter."""
    rng = np.random.default_rng(10**6)
    answered = coded(rng.normal(0, 1, TRUTH_PEOPLE))
    believed = coded(BELIEVED_HIGHER + rng.normal(0, 1, TRUTH_PEOPLE))
    return {
        "mean": float(believed.mean() - answered.mean()),
        "top_share": float((believed >= 4).mean() - (answered >= 4).mean()),
    }


def gaps(seeds: range, higher: float = BELIEVED_HIGHER) -> pd.DataFrame:
    """Return the perception gap of every seed's world, by measure."""
    worlds = [believed_and_answered(seed, higher) for seed in seeds]
    names = [f"seed{seed}" for seed in seeds]
    made = house(
        int_survey_answers__judged=answers(dict(pd.concat(worlds, ignore_index=True))),
        beliefs=[{"question_key": name, "audience": name} for name in names],
        survey_items=[
            {"question_key": name, "metric_role": "csat", "scale_min": 1.0, "scale_max": 5.0}
            for name in names
        ],
        audiences=[{"audience": n, "minimum_group": 5, "is_minor": False} for n in names],
        int_instruments__protection=[{"instrument": n, "minimum_group": 5} for n in names],
    )
    with made:
        return made.rows("fct_perception_gap")


def measured_gaps(seeds: range, measure: str) -> dict[str, Any]:
    """Return how often the true gap is covered and called, and how often one is in the twin."""
    true = true_gaps()[measure]
    found, twin = (
        rows[rows["measure"] == measure] for rows in (gaps(seeds), gaps(seeds, higher=0.0))
    )
    return {
        "seeds": len(found),
        "true": round(true, 4),
        "covered": float(((found["low"] <= true) & (true <= found["high"])).mean()),
        "called": float((found["verdict"] == "believed higher").mean()),
        "wrong_way": float((found["verdict"] == "believed lower").mean()),
        "twin_called": float((twin["verdict"] != "no clear gap").mean()),
        "twin_covered": float(((twin["low"] <= 0) & (twin["high"] >= 0)).mean()),
    }


def departments(differ: bool) -> np.ndarray:
    """Return how often each department (rows) chooses each answer."""
    shares = np.tile(ALIKE, (len(DEPARTMENT_SIZES), 1))
    if differ:
        shares[[1, 4]] = OTHERWISE
    return shares


def aligned(seeds: range, differ: bool) -> pd.DataFrame:
    """Return how alike the departments of every seed's world answer, as the house finds it."""
    estimates = python_model("int_alignment_estimates")
    found = []
    for seed in seeds:
        rng = np.random.default_rng([seed, 42])
        counts = np.array([
            rng.multinomial(size, shares)
            for size, shares in zip(DEPARTMENT_SIZES, departments(differ), strict=True)
        ])  # fmt: skip
        found.append(estimates.alignment(counts, f"seed{seed}"))
    return pd.DataFrame(found)


def measured_alignment(seeds: range) -> dict[str, Any]:
    """Return how often truth is covered and a difference called, here and in the twin."""
    shares = departments(differ=True)
    pairs = shares @ shares.T
    apart = ~np.eye(len(shares), dtype=bool)
    true, true_difference = pairs[apart].mean(), np.diag(pairs).mean() - pairs[apart].mean()
    alike = float(np.square(ALIKE).sum())
    found, twin = aligned(seeds, differ=True), aligned(seeds, differ=False)

    def covered(rows: pd.DataFrame, truth: float, ends: str = "") -> float:
        return float(((rows[f"{ends}low"] <= truth) & (truth <= rows[f"{ends}high"])).mean())

    return {
        "seeds": len(found),
        "true": round(float(true), 4),
        "true_difference": round(float(true_difference), 4),
        "covered": covered(found, true),
        "difference_covered": covered(found, true_difference, "difference_"),
        "called": float((found["p_value"] <= 0.05).mean()),
        "twin_called": float((twin["p_value"] <= 0.05).mean()),
        "twin_covered": covered(twin, alike),
        "twin_difference_covered": covered(twin, 0.0, "difference_"),
        "agreement_off_by": round(float(found["agreement"].mean() - true), 4),
        "difference_off_by": round(float(found["difference"].mean() - true_difference), 4),
    }
