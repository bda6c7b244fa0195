"""Intervals of key drivers: how often they hold the true weight, and call what does nothing clear.

Runs the functions of the dbt model itself, `int_driver_importance.py`, on drawn answers.
"""

from typing import Any

import numpy as np

from benchmarks.house_sql import python_model

SEED, TIMES = 20260631, 400
model = python_model("int_driver_importance")
# Two drivers that go together, one that does nothing, and a category of four that does nothing.
EFFECTS, TOGETHER = np.array([0.4, 0.2, 0.0]), 0.3
NAMES = ("strong", "weak", "nothing", "nothing, a category of four")


def true_weights() -> np.ndarray:
    """Return the Shapley values of R squared of the process itself."""
    numbers = np.eye(3)
    numbers[0, 1] = numbers[1, 0] = TOGETHER
    whole = np.zeros((1, 4, 4))
    whole[0, :3, :3] = numbers
    whole[0, :3, 3] = whole[0, 3, :3] = numbers @ EFFECTS
    whole[0, 3, 3] = EFFECTS @ numbers @ EFFECTS + 1
    found: np.ndarray = model.shapley(whole, [[0], [1], [2]])[0]
    return np.append(found, 0.0)


def drivers(times: int = TIMES) -> list[dict[str, Any]]:
    """Return, by driver and number of persons, how often the interval holds the true weight."""
    return [row for persons in (120, 400) for row in _of(persons, times)]


def _of(persons: int, times: int) -> list[dict[str, Any]]:
    random = np.random.default_rng([SEED, persons])
    mixed = np.linalg.cholesky(np.array([[1, TOGETHER, 0], [TOGETHER, 1, 0], [0, 0, 1]]))
    true, held, clear = true_weights(), [], []
    for _ in range(times):
        numbers = random.standard_normal((persons, 3)) @ mixed.T
        value = random.integers(0, 4, size=persons)
        category = np.column_stack([value == of for of in (1, 2, 3)]).astype(float)
        answer = numbers @ EFFECTS + random.standard_normal(persons)
        key = random.integers(0, 2**60, size=persons).astype(np.uint64)
        found = model.estimate(
            np.column_stack([numbers, category]), answer, [[0], [1], [2], [3, 4, 5]], key
        )
        held.append((found["low"] <= true + 1e-12) & (true <= found["high"] + 1e-12))
        clear.append(found["low"] > 0)
    shares = zip(NAMES, true, np.mean(held, axis=0), np.mean(clear, axis=0), strict=True)
    return [
        {"driver": name, "persons": persons, "times": times, "true": round(float(weight), 4),
         "covered": round(float(covered), 4), "clear": round(float(is_clear), 4)}
        for name, weight, covered, is_clear in shares
    ]  # fmt: skip
