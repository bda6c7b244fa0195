# Grain: one metric x audience x period x driver, with its share of the variance of the answer.
"""Which drivers go with an answer, and how much: exact Shapley values of R squared.

Every subset of the drivers of a metric (at most twelve) is regressed, by sweeping one covariance
matrix; a driver's weight is what it adds to R squared, averaged over all orders in which drivers
may come. Intervals are drawn over persons. It says what goes together, never what causes what.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from math import factorial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

DRAWS = 200
CHUNK = 20_000  # answers whose products are held at once
MOST_DRIVERS = 12
LEAST_PERSONS, PERSONS_PER_DRIVER = 100, 10
# Fewer answers than these that differ from the usual one are a handful of people, not a driver.
LEAST_DIFFERENT = 10
# Below this share of its own variance a column says nothing that the others have not said.
NOTHING_LEFT = 1e-9
SPLITMIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
# The distribution of Poisson(1); beyond nine lies one in ten million.
POISSON = np.array([sum(1 / factorial(k) for k in range(n + 1)) for n in range(10)]) / np.e
Row = dict[str, Any]
SCHEMA = pa.schema(
    [
        ("metric", pa.string()),
        ("audience", pa.string()),
        ("period_kind", pa.string()),
        ("period_start", pa.date32()),
        ("period_end", pa.date32()),
        ("driver", pa.string()),
        ("weight", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("correlation", pa.float64()),
        ("rank_group", pa.int64()),
        ("r2", pa.float64()),
        ("n", pa.int64()),
        ("n_known", pa.int64()),
        ("persons", pa.int64()),
        ("drivers", pa.int64()),
        ("status", pa.string()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """Return the drivers of every cell: NPS and CSAT by audience, quarter and trailing year."""
    dbt.config(materialized="table")
    answers = dbt.ref("int_driver_answers").df()
    registry = dbt.ref("drivers").df()
    periods = dbt.ref("int_metric_periods").df()
    return pa.Table.from_pylist(list(cells(answers, registry, periods)), schema=SCHEMA)


def cells(answers: pd.DataFrame, registry: pd.DataFrame, periods: pd.DataFrame) -> Iterator[Row]:
    """Yield the rows of every metric, audience and period that has an answer."""
    answers = with_lots(answers)
    days = pd.to_datetime(answers["answered_on"])
    for period in of_quarters(periods).itertuples():
        inside = answers[(days >= period.period_start) & (days < period.period_end)]
        for (metric, audience), rows in inside.groupby(["metric", "audience"]):
            key = {
                "metric": metric,
                "audience": audience,
                "period_kind": period.period_kind,
                "period_start": period.period_start.date(),
                "period_end": period.period_end.date(),
            }
            for found in importance(rows, drivers_of(registry, metric)):
                yield {**key, **found}


def of_quarters(periods: pd.DataFrame) -> pd.DataFrame:
    """Return the quarters and the trailing years that end with one."""
    periods = periods.assign(
        period_start=pd.to_datetime(periods["period_start"]),
        period_end=pd.to_datetime(periods["period_end"]),
    )
    ends = periods.loc[periods["period_kind"] == "quarter", "period_end"]
    is_year = (periods["period_kind"] == "trailing_365") & periods["period_end"].isin(ends)
    return periods[(periods["period_kind"] == "quarter") | is_year]


def drivers_of(registry: pd.DataFrame, metric: str) -> dict[str, str]:
    """Return the registry's drivers of a metric as {driver: measure}."""
    named = registry[[metric in metrics.split("|") for metrics in registry["metrics"]]]
    if len(named) > MOST_DRIVERS:
        raise ValueError(
            f"{metric} has {len(named)} drivers; every subset is tried, so at most {MOST_DRIVERS}"
        )
    return dict(zip(named["driver"], named["measure"], strict=True))


def importance(rows: pd.DataFrame, measures: Mapping[str, str]) -> Iterator[Row]:
    """Yield a row a driver: weight, interval and rank group, or why there is none."""
    answer = rows["answer_value"].to_numpy(dtype=float)
    columns, groups = design(rows, measures)
    varying = [name for name in measures if groups[name]]
    persons = rows["person_id"].nunique()
    size = {"n": len(rows), "persons": persons, "drivers": len(varying)}
    wanted = max(LEAST_PERSONS, PERSONS_PER_DRIVER * len(varying))
    if persons < wanted or not varying or answer.std() == 0:
        yield from ({"driver": name, **size, "status": "not enough data"} for name in measures)
        return
    found = estimate(columns, answer, [groups[name] for name in varying], clusters_of(rows))
    ranked = rank_groups(found["low"], found["high"])
    for name in measures:
        about = {"driver": name, **size, "r2": found["r2"],
                 "n_known": int(rows[name].notna().sum())}  # fmt: skip
        if name not in varying:
            yield {**about, "status": "does not vary"}
            continue
        at = varying.index(name)
        yield {
            **about,
            **{figure: float(found[figure][at]) for figure in ("weight", "low", "high")},
            "correlation": correlation(rows[name], answer, measures[name]),
            "rank_group": ranked[at],
            "status": "ok",
        }


def design(
    rows: pd.DataFrame, measures: Mapping[str, str]
) -> tuple[np.ndarray, dict[str, list[int]]]:
    """Return the columns of the regression and which of them belong to each driver.

    A missing value takes the mean of the known ones and an indicator beside it says so; a category
    has a column a value. Columns that hardly vary are left out.
    """
    columns, groups = [], {}
    for name, measure in measures.items():
        made = category(rows[name]) if measure == "category" else numeric(rows[name], measure)
        made = [column for column in made if varies(column)]
        groups[name] = list(range(len(columns), len(columns) + len(made)))
        columns += made
    return np.array(columns).T.reshape(len(rows), len(columns)), groups


def varies(column: np.ndarray) -> bool:
    """Tell whether enough answers differ from the most frequent value."""
    _, counts = np.unique(column, return_counts=True)
    return bool(len(column) - counts.max() >= LEAST_DIFFERENT)


def numeric(values: pd.Series, measure: str) -> list[np.ndarray]:
    """Return a number and whether it is missing."""
    values = values.to_numpy(dtype=float)
    values = np.log1p(values) if measure == "log" else values
    known = ~np.isnan(values)
    if not known.any():
        return [np.zeros(len(values))]
    return [np.where(known, values, values[known].mean()), (~known).astype(float)]


def category(values: pd.Series) -> list[np.ndarray]:
    """Return an indicator for each value but the most frequent; missing is a value."""
    named = values.astype(object).where(values.notna(), "")
    usual = named.value_counts().sort_index(kind="stable").idxmax()
    return [(named == value).to_numpy(dtype=float) for value in sorted(set(named) - {usual})]


def with_lots(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the answers in the order of their keys, each with a number that its key gives."""
    answers = answers.sort_values("answer_id")
    lots = [int(hashlib.md5(key.encode()).hexdigest()[:15], 16) for key in answers["answer_id"]]
    return answers.assign(lot=np.array(lots, dtype=np.uint64))


def clusters_of(rows: pd.DataFrame) -> np.ndarray:
    """Return a number for each answer's person: their first answer's lot, not a minted id's."""
    return rows.groupby("person_id")["lot"].transform("first").to_numpy()


def estimate(
    columns: np.ndarray,
    answer: np.ndarray,
    groups: Sequence[Sequence[int]],
    clusters: np.ndarray,
    draws: int = DRAWS,
) -> dict[str, Any]:
    """Return weights, R squared, and intervals drawn over persons.

    A weight is never below nothing, and of chance alone it is above: the usual percentiles would
    leave out nothing for every driver. So the upper end is the percentile, and the lower end lies
    as far below as that lies above, on the scale of the square root, where the error does not
    change with the weight. It is 0 where the driver can not be told from nothing. A driver of
    several columns gains from chance with each: what it gains beyond one is measured by the draws
    (they gain once more what the answers did) and left out of the lower end.
    """
    together = np.column_stack([columns, answer])
    together = (together - together.mean(axis=0)) / together.std(axis=0)
    weight = shapley(covariance(together), groups)[0]
    drawn = shapley(covariance(together, clusters, draws), groups)
    high = np.maximum(np.quantile(drawn, 0.975, axis=0), weight)
    more = np.array([1 - 1 / len(group) for group in groups])
    gained = np.clip(more * (drawn.mean(axis=0) - weight), 0.0, weight)
    low = np.maximum(2 * np.sqrt(weight - gained) - np.sqrt(high - gained), 0.0) ** 2
    return {"weight": weight, "low": low, "high": high, "r2": float(weight.sum())}


def covariance(
    together: np.ndarray, clusters: np.ndarray | None = None, draws: int = DRAWS
) -> np.ndarray:
    """Return the covariance of the columns as a matrix, or one for each draw of the persons."""
    with_one = np.column_stack([np.ones(len(together)), together])
    size = with_one.shape[1]
    left, right = np.triu_indices(size)  # a product is the same either way
    sums = np.zeros((1 if clusters is None else draws, len(left)))
    for start in range(0, len(together), CHUNK):
        some = with_one[start : start + CHUNK]
        products = some[:, left] * some[:, right]
        if clusters is None:
            sums += products.sum(axis=0)
        else:
            sums += poisson(clusters[start : start + CHUNK], draws) @ products
    moments = np.empty((len(sums), size, size))
    moments[:, left, right] = moments[:, right, left] = sums
    moments = moments / moments[:, :1, :1]
    means = moments[:, 0, 1:]
    return moments[:, 1:, 1:] - means[:, :, None] * means[:, None, :]


def poisson(clusters: np.ndarray, draws: int) -> np.ndarray:
    """Return how often each person is drawn (columns) in each draw (rows), Poisson(1).

    Made of the person's key and the number of the draw alone (splitmix64), so neither the order of
    the rows nor other people matter.
    """
    golden, first, second = map(np.uint64, SPLITMIX)
    state = clusters[None, :] + golden * np.arange(1, draws + 1, dtype=np.uint64)[:, None]
    state = (state ^ (state >> np.uint64(30))) * first
    state = (state ^ (state >> np.uint64(27))) * second
    state = state ^ (state >> np.uint64(31))
    share = (state >> np.uint64(11)).astype(float) / 2.0**53
    return np.searchsorted(POISSON, share, side="right").astype(float)


def shapley(covariances: np.ndarray, groups: Sequence[Sequence[int]]) -> np.ndarray:
    """Return, a matrix a row, the Shapley value of R squared of each group; the answer is last."""
    answer = covariances.shape[1] - 1
    variance = covariances[:, answer, answer]
    reached = np.zeros((2 ** len(groups), len(covariances)))
    floor = NOTHING_LEFT * np.einsum("bii->bi", covariances)

    def visit(place: int, left: np.ndarray, names: list[int], mask: int) -> None:
        """`left` is what the columns `names` have left after the groups in `mask`."""
        if place == len(groups):
            unexplained = left[:, -1, -1] / np.where(variance > 0, variance, 1.0)
            reached[mask] = np.where(variance > 0, 1.0 - unexplained, 0.0)
            return
        without = left
        for column in groups[place]:
            left = sweep(left, names.index(column), floor[:, column])
        rest = [at for at, name in enumerate(names) if name not in groups[place]]
        kept = [names[at] for at in rest]
        visit(place + 1, without[:, rest][:, :, rest], kept, mask)
        visit(place + 1, left[:, rest][:, :, rest], kept, mask | 1 << place)

    visit(0, covariances, list(range(answer + 1)), 0)
    return averaged_over_orders(reached, len(groups))


def sweep(left: np.ndarray, at: int, floor: np.ndarray) -> np.ndarray:
    """Return what is left of every column after regressing it on one; nothing if that is empty."""
    pivot = left[:, at, at]
    by = np.where(pivot > floor, 1.0 / np.where(pivot > floor, pivot, 1.0), 0.0)
    return left - left[:, :, at, None] * left[:, None, at, :] * by[:, None, None]


def averaged_over_orders(reached: np.ndarray, size: int) -> np.ndarray:
    """Return what each driver adds to R squared, averaged over all orders of the drivers."""
    masks = np.arange(2**size)
    count = np.array([mask.bit_count() for mask in masks.tolist()])
    share = np.array([factorial(k) * factorial(size - k - 1) / factorial(size) if k < size else 0.0
                      for k in range(size + 1)])[count]  # fmt: skip
    weights = []
    for place in range(size):
        without = masks[(masks >> place) & 1 == 0]
        added = reached[without | 1 << place] - reached[without]
        weights.append((share[without, None] * added).sum(axis=0))
    return np.array(weights).T


def rank_groups(low: Sequence[float], high: Sequence[float]) -> list[int]:
    """Return a group for each driver; those whose intervals overlap, or by a third, tie."""
    groups, group, reach = [0] * len(low), 0, -np.inf
    for at in sorted(range(len(low)), key=lambda at: (-high[at], -low[at])):
        if high[at] < reach or group == 0:
            group, reach = group + 1, low[at]
        reach = min(reach, low[at])
        groups[at] = group
    return groups


def correlation(values: pd.Series, answer: np.ndarray, measure: str) -> float | None:
    """Return how the number goes with the answer where it is known; a category has no direction."""
    if measure == "category":
        return None
    values = values.to_numpy(dtype=float)
    known = ~np.isnan(values)
    if not known.any() or values[known].std() == 0 or answer[known].std() == 0:
        return None
    values = np.log1p(values) if measure == "log" else values
    return float(np.corrcoef(values[known], answer[known])[0, 1])
