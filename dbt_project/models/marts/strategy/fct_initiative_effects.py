# Grain: one initiative that names a metric, with its effect or why there is none.
"""What came of initiatives: difference in differences against those who were not touched.

Each unit's change is its mean after less its mean before. Several touched units are held against
the others by Welch's interval; one alone is ranked among what the same sum finds for each unit
that nobody touched (placebos), and its interval is what that ranking would not refuse. Units
that went apart before it began tell nothing.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import stats

LEAST_BEFORE, LEAST_AFTER = 4, 1
LEAST_COMPARED = 2
# The first of twenty is one in twenty: with fewer no rank is rare.
LEAST_PLACEBOS = 19
LEVEL = 0.05
TOUCHES = 1e-9  # the last digit of a sum is no trend
Row = dict[str, Any]
SCHEMA = pa.schema(
    [
        ("initiative", pa.string()),
        ("periods_before", pa.int64()),
        ("periods_after", pa.int64()),
        ("units_touched", pa.int64()),
        ("units_compared", pa.int64()),
        ("before", pa.float64()),
        ("after", pa.float64()),
        ("compared_before", pa.float64()),
        ("compared_after", pa.float64()),
        ("effect", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("p_value", pa.float64()),
        ("method", pa.string()),
        ("pre_trend", pa.float64()),
        ("pre_trend_low", pa.float64()),
        ("pre_trend_high", pa.float64()),
        ("verdict", pa.string()),
        ("reason", pa.string()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """Return the effect of every initiative of which something is measured."""
    dbt.config(materialized="table")
    periods = dbt.ref("fct_initiative_periods").df()
    named = dbt.ref("initiatives").df()
    named = sorted(named.loc[named["metric"].notna(), "initiative"])
    found = [
        {"initiative": name, **effect(periods[periods["initiative"] == name])} for name in named
    ]
    return pa.Table.from_pylist(found, schema=SCHEMA)


def effect(rows: pd.DataFrame) -> Row:
    """Return the effect on the touched units, or the reason why there is no estimate.

    `rows` has a row a unit and period: unit, is_treated, period_start, is_after, value.
    """
    touched, compared = balanced(rows)
    is_after = touched.columns.get_level_values("is_after").to_numpy(dtype=bool)
    about = {
        "periods_before": int((~is_after).sum()),
        "periods_after": int(is_after.sum()),
        "units_touched": len(touched),
        "units_compared": len(compared),
    }
    for reason in lacking(about):
        return {**about, "verdict": "no estimate", "reason": reason}
    mine, theirs = touched.to_numpy(float), compared.to_numpy(float)
    changes, others = change(mine, is_after), change(theirs, is_after)
    if np.ptp(changes) == np.ptp(others) == 0:
        return {**about, "verdict": "no estimate", "reason": "all changed by the same"}
    trend = pre_trend(mine[:, ~is_after].mean(axis=0) - theirs[:, ~is_after].mean(axis=0))
    found = {
        **about,
        **levels(mine, theirs, is_after),
        "effect": float(changes.mean() - others.mean()),
        **dict(zip(("pre_trend", "pre_trend_low", "pre_trend_high"), trend, strict=True)),
        **(ranked(changes[0], others) if len(changes) == 1 else welch(changes, others)),
    }
    return {**found, "verdict": verdict(found)}


def balanced(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return values by unit and period, touched and compared: periods that all touched units have,
    and of the others those that have them all.
    """
    table = rows.pivot_table("value", ["is_treated", "unit"], ["period_start", "is_after"])
    is_treated = table.index.get_level_values("is_treated").to_numpy(dtype=bool)
    touched = table[is_treated].dropna(axis="columns")
    return touched, table[~is_treated].reindex(columns=touched.columns).dropna()


def lacking(about: Row) -> Iterator[str]:
    """Yield what is missing for an estimate."""
    if not about["units_touched"]:
        yield "nothing is published of what it touches"
    if about["periods_before"] < LEAST_BEFORE:
        yield f"fewer than {LEAST_BEFORE} periods before it began"
    if about["periods_after"] < LEAST_AFTER:
        yield "no closed period since it began"
    if about["units_compared"] < LEAST_COMPARED:
        yield "nothing to compare with"
    if about["units_touched"] == 1 and about["units_compared"] < LEAST_PLACEBOS:
        yield f"fewer than {LEAST_PLACEBOS} others to rank one among"


def change(values: np.ndarray, is_after: np.ndarray) -> np.ndarray:
    """Return each unit's mean after less its mean before."""
    return np.asarray(values[:, is_after].mean(axis=1) - values[:, ~is_after].mean(axis=1))


def levels(mine: np.ndarray, theirs: np.ndarray, is_after: np.ndarray) -> Row:
    """Return the four means that the effect is made of."""
    return {
        "before": float(mine[:, ~is_after].mean()),
        "after": float(mine[:, is_after].mean()),
        "compared_before": float(theirs[:, ~is_after].mean()),
        "compared_after": float(theirs[:, is_after].mean()),
    }


def welch(changes: np.ndarray, others: np.ndarray) -> Row:
    """Return interval and p-value of a difference of means over units."""
    found = stats.ttest_ind(changes, others, equal_var=False)
    interval = found.confidence_interval(1 - LEVEL)
    return {
        "low": float(interval.low),
        "high": float(interval.high),
        "p_value": float(found.pvalue),
        "method": "Welch over units",
    }


def ranked(change: float, others: np.ndarray) -> Row:
    """Return the rank of one unit among placebos, as a p-value, and the interval it leaves."""
    total, count = others.sum(), len(others)
    placebos = np.abs(others - (total - others) / (count - 1))
    found = float(change - others.mean())
    reach = float(np.sort(placebos)[int(np.ceil((1 - LEVEL) * (count + 1))) - 1])
    return {
        "low": found - reach,
        "high": found + reach,
        "p_value": float((1 + (placebos >= abs(found)).sum()) / (count + 1)),
        "method": "rank among placebos",
    }


def pre_trend(gap: np.ndarray) -> tuple[float, float, float]:
    """Return by how much the two went apart in each period before it began, with its interval."""
    at = np.arange(len(gap)) - (len(gap) - 1) / 2
    slope = float(at @ gap / (at @ at))
    left = gap - gap.mean() - slope * at
    error = np.sqrt(left @ left / (len(gap) - 2) / (at @ at))
    reach = float(stats.t.ppf(1 - LEVEL / 2, len(gap) - 2) * error)
    return slope, slope - reach, slope + reach


def verdict(found: Row) -> str:
    """Return what may be said of an effect."""
    if found["p_value"] > LEVEL:
        return "no effect found"
    if found["pre_trend_low"] > TOUCHES or found["pre_trend_high"] < -TOUCHES:
        return "went apart before it began"
    return "up" if found["effect"] > 0 else "down"
