"""How a proof over many worlds is told: each world beside a twin whose plant is dealt anew."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

Judge = Callable[[Sequence[pd.DataFrame]], pd.DataFrame]


def found_and_twin(
    seeds: Sequence[int],
    drawn: Callable[[int], pd.DataFrame],
    dealt: Callable[[pd.DataFrame, int], pd.DataFrame],
    judged: Judge,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what is judged of the worlds of these seeds, and of their twins; a row a world."""
    worlds = [drawn(seed) for seed in seeds]
    twins = [dealt(world, seed) for world, seed in zip(worlds, seeds, strict=True)]
    return judged(worlds), judged(twins)


def told_by_interval(found: pd.DataFrame, twin: pd.DataFrame, true: float) -> dict[str, Any]:
    """Return how often `low` to `high` cover the truth and leave nothing out, here and in the twin.

    What is planted is more than nothing, so less than nothing is the wrong way.
    """
    return {
        "seeds": len(found),
        "true": round(true, 4),
        "covered": float(((found["low"] <= true) & (true <= found["high"])).mean()),
        "called": float((found["low"] > 0).mean()),
        "wrong_way": float((found["high"] < 0).mean()),
        "shuffled_called": float(((twin["low"] > 0) | (twin["high"] < 0)).mean()),
    }
