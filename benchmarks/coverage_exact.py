"""Coverage where every outcome can be listed: shares, scores and means of bounded scales.

Each possible cell of `int_metric_cells__summed` goes through `int_metric_estimates` once; what its
interval covers is then weighted with the probability of the cell, without any chance.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from benchmarks import house_events
from benchmarks.house_sql import HouseSql

# (K, name) -> the shares of the K points, lowest first. Shapes as answers have them.
SHAPES = {
    (5, "even"): (0.2, 0.2, 0.2, 0.2, 0.2),
    (5, "mostly content"): (0.06, 0.09, 0.15, 0.32, 0.38),
    (5, "love or hate"): (0.40, 0.07, 0.06, 0.07, 0.40),
    (5, "all in the middle"): (0.05, 0.10, 0.70, 0.10, 0.05),
    (5, "delighted"): (0.05, 0.05, 0.05, 0.15, 0.70),
    (7, "even"): (1 / 7,) * 7,
    (7, "mostly easy"): (0.04, 0.05, 0.07, 0.10, 0.19, 0.27, 0.28),
    (7, "love or hate"): (0.35, 0.08, 0.05, 0.04, 0.05, 0.08, 0.35),
    (7, "all in the middle"): (0.02, 0.05, 0.13, 0.60, 0.13, 0.05, 0.02),
    (7, "very easy"): (0.03, 0.03, 0.03, 0.04, 0.05, 0.12, 0.70),
}
# Scales that are hardly used: shown, not asserted.
EDGES = {
    (5, "nearly all on top"): (0.01, 0.01, 0.01, 0.02, 0.95),
    (5, "one in a hundred at the bottom"): (0.01, 0.0, 0.0, 0.0, 0.99),
}
WILSON_SIZES = (*range(10, 101), 150, 200, 300, 500, 1000)
WILSON_SHARES = np.arange(10, 991) / 1000
NPS_SIZES = (30, 40, 50, 75, 100, 150, 200)
MEAN_SIZES = (10, 20, 30, 50, 100)


def bounds(metric: str, statistic: str, cells: pd.DataFrame) -> pd.DataFrame:
    """Return low and high of each cell (n, total, total_squares, ...), one answer a person."""
    filled = cells.assign(
        metric=metric,
        statistic=statistic,
        audience="customer",
        segment=np.arange(len(cells)).astype(str),
        period_kind="quarter",
        period_start=house_events.AFTER.date(),
        period_end=house_events.AFTERWARDS.date(),
        series_key=np.arange(len(cells)),
        period_key=1,
        is_protected=False,
        has_unknown=False,
        persons=cells["n"],
        persons_counted=cells["n"],
        exposure=cells["n"].astype(float),
        mean=cells["total"] / cells["n"],
        n_eff=cells["n"].astype(float),
        cluster_variance=0.0,
        weighted_n=0,
        weighted_mean=0.0,
    )
    nothing = pd.DataFrame({name: [] for name in ("event", "role")})
    given = {
        **house_events.beside(house_events.registry()),
        "int_metric_events": house_events.events(nothing),
        "int_metric_cells__summed": filled,
    }
    with HouseSql(given) as house:
        return house.query(
            "select low, high from int_metric_estimates order by cast(segment as integer)",
            "int_metric_estimates",
        )


def _cells(n: int, positives: np.ndarray, negatives: np.ndarray, low: float) -> pd.DataFrame:
    """Return cells of answers that count +1, -1 or 0."""
    return pd.DataFrame(
        {
            "n": np.full(len(positives), n),
            "total": (positives - negatives).astype(float),
            "total_squares": (positives + negatives).astype(float),
            "positives": positives,
            "negatives": negatives,
            "scale_min": low,
            "scale_max": 10.0,
        }
    )


def wilson(sizes: tuple[int, ...] = WILSON_SIZES) -> list[dict[str, Any]]:
    """Return, per number of answers, how often Wilson's interval holds the share."""
    cells = pd.concat(
        [_cells(n, np.arange(n + 1), np.zeros(n + 1, dtype=int), 1.0) for n in sizes],
        ignore_index=True,
    )
    found = bounds("csat", "proportion", cells)
    return [_wilson_of(n, found[cells["n"] == n]) for n in sizes]


def _wilson_of(n: int, found: pd.DataFrame) -> dict[str, Any]:
    shares = WILSON_SHARES[:, None]
    holds = (found["low"].to_numpy() <= shares) & (shares <= found["high"].to_numpy())
    odds = stats.binom.pmf(np.arange(n + 1)[None, :], n, shares)
    covered = (odds * holds).sum(axis=1)
    worst = int(covered.argmin())
    return {
        "n": n,
        "mean": float(covered.mean()),
        "lowest": float(covered[worst]),
        "lowest_at": float(WILSON_SHARES[worst]),
        "highest": float(covered.max()),
    }


def nps_grid(at_least: int = 5, step: int = 1) -> np.ndarray:
    """Return pairs (promoters, detractors) in hundredths, each class at least so large."""
    pairs = [
        (p, d)
        for p in range(at_least, 101, step)
        for d in range(at_least, 101 - p, step)
        if 100 - p - d >= at_least
    ]
    return np.array(pairs) / 100


def adjusted_wald(
    sizes: tuple[int, ...] = NPS_SIZES, grid: np.ndarray | None = None
) -> list[dict[str, Any]]:
    """Return, per number of answers, how often the interval of an NPS holds it."""
    truths = nps_grid() if grid is None else grid
    return [_nps_of(n, truths) for n in sizes]


def adjusted_wald_edges() -> list[dict[str, Any]]:
    """Return what the interval of an NPS reaches at the edges: few answers, hardly a detractor."""
    edges = [(0.5, 0.2), (0.9, 0.02), (0.02, 0.9), (0.02, 0.02), (0.98, 0.01), (0.49, 0.49)]
    return [row for edge in edges for row in adjusted_wald((5, 10, 20, 30, 100), np.array([edge]))]


def _nps_of(n: int, truths: np.ndarray) -> dict[str, Any]:
    promoters, detractors = np.array([(a, b) for a in range(n + 1) for b in range(n + 1 - a)]).T
    found = bounds("nps", "trinomial", _cells(n, promoters, detractors, 0.0))
    covered = np.concatenate(
        [_nps_covered(n, promoters, detractors, found, some) for some in _chunks(truths, 200)]
    )
    worst = int(covered.argmin())
    return {
        "n": n,
        "pairs": len(covered),
        "above_99": int((covered > 0.99).sum()),
        "mean": float(covered.mean()),
        "lowest": float(covered[worst]),
        "lowest_at": [float(share) for share in truths[worst]],
        "highest": float(covered.max()),
    }


def _chunks(rows: np.ndarray, size: int) -> Iterator[np.ndarray]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _nps_covered(
    n: int, promoters: np.ndarray, detractors: np.ndarray, found: pd.DataFrame, truths: np.ndarray
) -> np.ndarray:
    from scipy.special import gammaln, xlogy

    passives = n - promoters - detractors
    ways = gammaln(n + 1) - sum(gammaln(of + 1) for of in (promoters, detractors, passives))
    p, d = truths[:, :1], truths[:, 1:]
    rest = np.maximum(1 - p - d, 0.0)
    odds = np.exp(ways + xlogy(promoters, p) + xlogy(detractors, d) + xlogy(passives, rest))
    true = 100 * (p - d)
    holds = (found["low"].to_numpy() <= true + 1e-9) & (true - 1e-9 <= found["high"].to_numpy())
    return np.asarray((odds * holds).sum(axis=1))


def bounded_means(sizes: tuple[int, ...] = MEAN_SIZES) -> list[dict[str, Any]]:
    """Return, per shape and number of answers, how often the interval of a mean holds it."""
    return [
        row for points in (5, 7) for n in sizes for row in _means_of(points, n, {**SHAPES, **EDGES})
    ]


def _means_of(
    points: int, n: int, shapes: dict[tuple[int, str], tuple[float, ...]]
) -> Iterator[dict[str, Any]]:
    """Answers of a scale matter by their sum and the sum of their squares alone."""
    odds = {name: _sums_of(n, np.array(of)) for name, of in shapes.items() if name[0] == points}
    sums, squares = np.nonzero(np.max(list(odds.values()), axis=0) > 1e-13)
    cells = pd.DataFrame(
        {
            "n": np.full(len(sums), n),
            # Points are counted from 0 while they are added up, from 1 as they are answered.
            "total": (sums + n).astype(float),
            "total_squares": (squares + 2 * sums + n).astype(float),
            "positives": 0,
            "negatives": 0,
            "scale_min": 1.0,
            "scale_max": float(points),
        }
    )
    found = bounds("ces_mean", "bounded_mean", cells)
    for shape, of_shape in odds.items():
        true = 1 + float(np.arange(points) @ np.array(shapes[shape]))
        holds = (found["low"] <= true + 1e-9) & (true - 1e-9 <= found["high"])
        covered = float((of_shape[sums, squares] * holds.to_numpy()).sum())
        yield {"points": points, "shape": shape[1], "n": n, "covered": covered,
               "is_edge": shape in EDGES}  # fmt: skip


def _sums_of(n: int, shares: np.ndarray) -> np.ndarray:
    """Return the probability of each (sum, sum of squares) of n answers counted from 0."""
    top = len(shares) - 1
    size = (n * top + 1, n * top * top + 1)
    one = np.zeros(size)
    one[np.arange(top + 1), np.arange(top + 1) ** 2] = shares
    spectrum = np.fft.rfft2(one) ** n
    return np.clip(np.fft.irfft2(spectrum, s=size), 0.0, None)
