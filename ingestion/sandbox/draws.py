"""Chance in the sandbox: every number comes from a stream named by (seed, part, month).

A month's draws never depend on a later month: a world simulated further repeats its past.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

BEFORE_HISTORY = -1


def stream(seed: int, part: str, month: int = BEFORE_HISTORY) -> np.random.Generator:
    """Return the generator of one part of the world in one month."""
    return np.random.default_rng([seed, zlib.crc32(part.encode()), month + 1])


@dataclass(frozen=True, slots=True)
class Draws:
    """Independent uniform numbers by name, one per row."""

    columns: dict[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def chance(self, name: str, probability: float | np.ndarray) -> np.ndarray:
        """Return true where the named draw falls below ``probability``."""
        return self.columns[name] < probability

    def between(self, name: str, low: float, high: float) -> np.ndarray:
        """Return the named draw as whole numbers from ``low`` up to, not including, ``high``."""
        return (low + self.columns[name] * (high - low)).astype(np.int64)

    def waiting(self, name: str, mean: float) -> np.ndarray:
        """Return the named draw as an exponential time in whole seconds with the given mean."""
        return (-np.log1p(-self.columns[name]) * mean).astype(np.int64)

    def normal(self, name: str) -> np.ndarray:
        """Return the named draw as a standard normal value."""
        return normal_quantile(self.columns[name])

    def choice(
        self, name: str, options: Sequence[object], weights: Sequence[float] | None = None
    ) -> np.ndarray:
        """Return one of the options per row."""
        return np.array(options, dtype=object)[self.index(name, len(options), weights)]

    def index(self, name: str, size: int, weights: Sequence[float] | None = None) -> np.ndarray:
        """Return a position below ``size`` per row."""
        if weights is None:
            return (self.columns[name] * size).astype(np.int64)
        edges = np.cumsum(np.asarray(weights, dtype=float))
        return np.minimum(np.searchsorted(edges / edges[-1], self.columns[name]), size - 1)

    def take(self, rows: np.ndarray) -> Draws:
        """Return the draws of some rows (positions or a mask)."""
        return Draws({name: values[rows] for name, values in self.columns.items()})


def person_draws(seed: int, part: str, cohort_sizes: Sequence[int], names: str) -> Draws:
    """Return named draws per person; each month's newcomers have a stream of their own."""
    columns = names.split()
    blocks = [
        stream(seed, part, cohort + BEFORE_HISTORY).random((size, len(columns)))
        for cohort, size in enumerate(cohort_sizes)
    ]
    return _named(np.concatenate(blocks), columns)


def happenings(
    seed: int,
    part: str,
    months: range,
    rate: Callable[[int], np.ndarray],
    names: str,
) -> tuple[np.ndarray, np.ndarray, Draws]:
    """Return who, in which month, and named draws for events that come at a monthly rate per row.

    ``rate(month)`` gives the expected number for each row that exists in that month.
    """
    columns = names.split()
    who, when, blocks = [], [], []
    for month in months:
        generator = stream(seed, part, month)
        expected = rate(month)
        rows = np.repeat(np.arange(len(expected)), generator.poisson(expected))
        who.append(rows)
        when.append(np.full(len(rows), month))
        blocks.append(generator.random((len(rows), len(columns))))
    return np.concatenate(who), np.concatenate(when), _named(np.concatenate(blocks), columns)


def normal_quantile(probability: np.ndarray) -> np.ndarray:
    """Return standard normal quantiles, read from a fine table (exact to about 1e-5)."""
    return np.interp(probability, _GRID, _QUANTILES)


def normal_probability(value: np.ndarray) -> np.ndarray:
    """Return the standard normal probability below each value, read from the same table."""
    return np.interp(value, _QUANTILES, _GRID)


def _named(block: np.ndarray, columns: list[str]) -> Draws:
    return Draws({name: np.ascontiguousarray(block[:, i]) for i, name in enumerate(columns)})


_TAIL = np.geomspace(1e-7, 0.02, 400)
_GRID = np.concatenate([_TAIL, np.linspace(0.02, 0.98, 1_201)[1:-1], 1 - _TAIL[::-1]])
_QUANTILES = np.array([NormalDist().inv_cdf(float(p)) for p in _GRID])
