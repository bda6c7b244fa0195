"""EX to CX with the truth known: the house's own estimate over made-up organisations.

Teams have levels of their own, waves a weather that all share, and what people say lasts. In the
twin each team has the history of another. `rough` is a process that the estimate does not assume:
errors that are skewed, that last and that are larger in some teams, a common shock with heavy
tails, and cells that are missing.
"""

import sys
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.house_sql import python_model

# Declared before the estimate was measured: so much more for each unit more in the wave before.
EFFECT = 0.35
# Teams and waves of an organisation: the fewest that are told of, and more. With cells missing
# the fewest are too few.
SIZES = ((15, 3), (24, 8))
MISSING = 0.1
LINK = {"ex_audience": "employee", "ex_metric": "enps", "cx_metric": "csat"}


@cache
def waves(count: int) -> list[date]:
    """Return the first days of so many quarters."""
    return [day.date() for day in pd.date_range("2020-01-01", periods=count, freq="QS")]


def lasting(rng: np.random.Generator, shocks: np.ndarray, memory: float) -> np.ndarray:
    """Return shocks (team x wave) of which a part stays from wave to wave, usual from the first."""
    values = [shocks[:, 0] / np.sqrt(1 - memory**2)]
    for shock in shocks.T[1:]:
        values.append(memory * values[-1] + shock)
    return np.array(values).T


def drawn(seed: int, size: tuple[int, int], *, rough: bool, twin: bool) -> pd.DataFrame:
    """Return what people said and what those they served had: team, wave, ex, cx."""
    rng = np.random.default_rng([seed, *size, rough])
    teams, count = size[0], size[1] + 2
    shape = (teams, count)
    said = rng.normal(0, 1, (teams, 1)) + lasting(rng, rng.normal(0, 1, shape), 0.5)
    if rough:
        skewed = rng.lognormal(0, 0.8, shape)
        large = rng.uniform(0.5, 1.5, (teams, 1))
        error = lasting(rng, large * (skewed - np.exp(0.32)) / 1.31, 0.4)
        weather = 2 * rng.standard_t(3, (1, count))
    else:
        error = rng.normal(0, 1, shape)
        weather = rng.normal(0, 1, (1, count))
    served = rng.normal(0, 1, (teams, 1)) + weather + error
    served[:, 1:] += EFFECT * said[:, :-1]
    if twin:
        said = said[rng.permutation(teams)]
    if rough:
        said = np.where(rng.random(shape) < MISSING, np.nan, said)
    return pd.DataFrame(
        {
            "team": np.repeat([f"department={n}" for n in range(teams)], count),
            "wave": waves(count) * teams,
            "ex": said.ravel(),
            "cx": served.ravel(),
        }
    )


def judged(world: pd.DataFrame) -> dict[str, Any]:
    """Return the row of the mart."""
    model = python_model("fct_ex_to_cx")
    said = world.rename(columns={"team": "segment", "wave": "period_start", "ex": "value"})
    said = said.dropna(subset=["value"]).assign(
        audience=LINK["ex_audience"], metric=LINK["ex_metric"], status="ok"
    )
    served = world.rename(columns={"wave": "wave_opened_on", "cx": "value"})
    served = served.assign(**LINK, is_enough=True)
    [row] = model.found_of(pd.DataFrame([LINK]), said, served)
    return dict(row)


def measured(seeds: Sequence[int], size: tuple[int, int], *, rough: bool) -> dict[str, Any]:
    """Return how often the truth is covered and called, and how often the twin is."""
    found = pd.DataFrame([judged(drawn(s, size, rough=rough, twin=False)) for s in seeds])
    twin = pd.DataFrame([judged(drawn(s, size, rough=rough, twin=True)) for s in seeds])
    told = found["effect"].notna()
    return {
        "seeds": len(found),
        "teams": size[0],
        "waves": size[1],
        "told": float(told.mean()),
        "true": EFFECT,
        "mean": round(float(found["effect"].mean()), 4),
        "covered": float(found[told].eval(f"low <= {EFFECT} <= high").mean()),
        "power": float((found["finding"] == "higher").mean()),
        "smallest_detectable": round(float(found["smallest_detectable"].mean()), 3),
        "wrong_way": int((found["finding"] == "lower").sum()),
        "both_ways": float((found["finding"] == "goes both ways").mean()),
        "twin_called": float(twin["finding"].isin(["higher", "lower"]).mean()),
        "twin_refused": float((twin["p_value"] < 0.05).mean()),
    }


if __name__ == "__main__":
    for teams_and_waves in SIZES:
        for is_rough in (False, True):
            print(is_rough, measured(range(int(sys.argv[1])), teams_and_waves, rough=is_rough))
