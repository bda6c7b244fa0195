# Grain: one link of the registry: a metric of employees and one of those they serve.
"""Whether teams that feel better serve better in the wave after: one figure for the organisation.

A panel of teams and waves: what those had whom a team served in the following wave, on what its
people said in this one, with a level of its own for each team and each wave. The p-value and the
interval are those of a wild cluster bootstrap over teams with the null imposed (Cameron, Gelbach
and Miller 2008, Review of Economics and Statistics 90) and Rademacher weights, which fifteen
teams allow (MacKinnon and Webb 2018, Econometrics Journal 21); the interval is every effect that
the test does not refuse. The placebo is what people say in the wave after that service: it can
have done nothing yet, so where it goes with it, nothing is claimed. Of employees it reads what is
published of waves, told once and hidden where few; no row of a team leaves this function.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import stats

LEAST_TEAMS, LEAST_WAVES, LEAST_PLACEBO_WAVES = 15, 3, 2
DRAWS, SEED = 999, 20260630
LEVEL, POWER = 0.05, 0.80
DOUBLINGS = 30
# Of its own variance, or of what an error is made of: below it there is rounding alone.
NOTHING_LEFT = 1e-9
LINK = ["ex_audience", "ex_metric", "cx_metric"]
SHOWN = ("ok", "low_n", "stale")
Row = dict[str, Any]
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in LINK),
        ("teams", pa.int64()),
        ("waves", pa.int64()),
        ("first_wave", pa.date32()),
        ("last_wave", pa.date32()),
        ("effect", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("p_value", pa.float64()),
        ("smallest_detectable", pa.float64()),
        ("placebo", pa.float64()),
        ("placebo_p_value", pa.float64()),
        ("finding", pa.string()),
        ("reason", pa.string()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """Return what every link of the registry shows."""
    dbt.config(materialized="table")
    values = dbt.ref("fct_metric_values").filter(
        "period_kind = 'wave' and segment like 'department=%' and value is not null"
    )
    said = values.project("audience, metric, segment, period_start, value, status").df()
    served = dbt.ref("int_team_experiences").project(
        "ex_audience, ex_metric, cx_metric, wave_opened_on,"
        " 'department=' || url_encode(department) as team, is_enough, value"
    )
    links = dbt.ref("experience_links").df().sort_values(LINK)
    return pa.Table.from_pylist(list(found_of(links, said, served.df())), schema=SCHEMA)


def found_of(links: pd.DataFrame, said: pd.DataFrame, served: pd.DataFrame) -> Iterator[Row]:
    """Yield the row of every link.

    `said`: audience, metric, segment, period_start (the wave), value, status. `served`: the link,
    wave_opened_on, team (a segment), is_enough, value.
    """
    for link in links[LINK].itertuples(index=False):
        mine = said[(said["audience"] == link.ex_audience) & (said["metric"] == link.ex_metric)]
        theirs = served[(served[LINK] == list(link)).all(axis="columns")]
        yield {**link._asdict(), **effect(panel(mine, theirs))}


def panel(said: pd.DataFrame, served: pd.DataFrame) -> pd.DataFrame:
    """Return team, wave, ex, cx of the following wave, and ex of the wave after that (later).

    A wave follows another in the order of all waves that somebody was asked in, by team or not.
    """
    ex = said[said["status"].isin(SHOWN)].pivot(
        index="segment", columns="period_start", values="value"
    )
    cx = served[served["is_enough"]].pivot(index="team", columns="wave_opened_on", values="value")
    ex.columns, cx.columns = pd.to_datetime(ex.columns), pd.to_datetime(cx.columns)
    waves = pd.to_datetime(
        sorted({*pd.to_datetime(said["period_start"]), *pd.to_datetime(served["wave_opened_on"])})
    )
    teams = ex.index.intersection(cx.index)
    ex, cx = (
        table.reindex(index=teams, columns=waves).rename_axis(index="team", columns="wave")
        for table in (ex, cx)
    )
    rows = pd.DataFrame(
        {
            "ex": ex.stack(future_stack=True),
            "cx": cx.shift(-1, axis="columns").stack(future_stack=True),
            "later": ex.shift(-2, axis="columns").stack(future_stack=True),
        }
    )
    return rows.astype(float).reset_index().dropna(subset=["ex", "cx"])


def effect(rows: pd.DataFrame) -> Row:
    """Return the effect on the wave after, or the reason why there is no estimate.

    `rows` has a row a team and wave: team, wave, ex, cx, later. The effect is the change of cx,
    in its unit, that goes with one unit more of ex.
    """
    rows = connected(rows)
    about = {
        "teams": int(rows["team"].nunique()),
        "waves": int(rows["wave"].nunique()),
        "first_wave": rows["wave"].min().date() if len(rows) else None,
        "last_wave": rows["wave"].max().date() if len(rows) else None,
    }
    led = connected(rows.dropna(subset=["later"]))
    for reason in lacking(about, led):
        return {**about, "finding": "not enough data", "reason": reason}
    main = coefficient(rows, "ex", [])
    placebo = coefficient(led, "later", ["ex"])
    if main is None or placebo is None or not np.isfinite([main["low"], main["high"]]).all():
        reason = "what people say moves alike in all teams, or in one alone"
        return {**about, "finding": "not enough data", "reason": reason}
    found = {
        **about,
        **main,
        "placebo": placebo["effect"],
        "placebo_p_value": placebo["p_value"],
    }
    return {**found, "finding": finding(found)}


def connected(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of teams with two waves or more, of waves with two teams or more."""
    while True:
        kept = rows[
            (rows.groupby("team")["wave"].transform("size") > 1)
            & (rows.groupby("wave")["team"].transform("size") > 1)
        ]
        if len(kept) == len(rows):
            return kept
        rows = kept


def lacking(about: Row, led: pd.DataFrame) -> Iterator[str]:
    """Yield what is missing for an estimate."""
    if about["teams"] < LEAST_TEAMS:
        yield f"fewer than {LEAST_TEAMS} teams with both"
    if about["waves"] < LEAST_WAVES:
        yield f"fewer than {LEAST_WAVES} waves with both"
    if led["team"].nunique() < LEAST_TEAMS or led["wave"].nunique() < LEAST_PLACEBO_WAVES:
        yield "too few waves for the placebo"


def coefficient(rows: pd.DataFrame, of: str, beside: list[str]) -> Row | None:
    """Return effect, interval, p-value and the smallest effect that would be seen of a column.

    Teams and waves have levels of their own; the columns `beside` are held. None where nothing of
    the column is left then.
    """
    held = np.column_stack(
        [pd.get_dummies(rows["team"]), pd.get_dummies(rows["wave"]), rows[beside]]
    ).astype(float)
    basis = independent(held)
    x, y = (left(basis, rows[name].to_numpy(float)[:, None])[:, 0] for name in (of, "cx"))
    if x @ x <= NOTHING_LEFT * max(float(rows[of].var()) * len(rows), NOTHING_LEFT):
        return None
    cluster = np.asarray(pd.get_dummies(rows["team"]), dtype=float)
    test = Bootstrap(x, y, basis, cluster)
    low, high = test.bound(-1), test.bound(1)
    edges = stats.t.ppf([1 - LEVEL / 2, POWER], cluster.shape[1] - 1)
    return {
        "effect": test.effect,
        "low": low,
        "high": high,
        "p_value": test.p_value(0.0),
        "smallest_detectable": float((high - low) / 2 * edges.sum() / edges[0]),
    }


def independent(columns: np.ndarray) -> np.ndarray:
    """Return an orthonormal basis of columns, of which some may follow from the others."""
    basis, sizes, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(basis[:, sizes > 1e-10 * sizes[0]])


def left(basis: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return what a basis leaves of columns."""
    return np.asarray(columns - basis @ (basis.T @ columns))


class Bootstrap:
    """The wild cluster bootstrap of one coefficient, for whatever effect the null says.

    Under the null b the residuals are y - b x, turned round cluster by cluster. All that is drawn
    is linear in b, so it is drawn once: a slope and scores by cluster of y, and of x.
    """

    def __init__(
        self, x: np.ndarray, y: np.ndarray, basis: np.ndarray, cluster: np.ndarray
    ) -> None:
        self.square = float(x @ x)
        self.effect = float(x @ y) / self.square
        turned = np.random.default_rng(SEED).choice((-1.0, 1.0), (cluster.shape[1], DRAWS))
        signs = cluster @ turned
        self.slopes, self.scores = [], []
        for column in (y, x):
            drawn = left(basis, signs * column[:, None])
            slope = x @ drawn / self.square
            self.slopes.append(slope)
            self.scores.append(cluster.T @ (x[:, None] * (drawn - np.outer(x, slope))))
        self.size = float(np.sqrt(y @ y * self.square))
        scores = cluster.T @ (x * (y - self.effect * x))
        self.error = float(self._error(scores[:, None], self.effect)[0])

    def _error(self, scores: np.ndarray, null: float) -> np.ndarray:
        """Return the error of each draw; what is rounding alone is none."""
        error = np.sqrt((scores**2).sum(axis=0))
        rounding = NOTHING_LEFT * (self.size + abs(null) * self.square)
        return np.asarray(np.where(error > rounding, error, 0.0) / self.square)

    def p_value(self, null: float) -> float:
        """Return how often the bootstrap is as far from the null as what was found (symmetric)."""
        slope = self.slopes[0] - null * self.slopes[1]
        scores = self.scores[0] - null * self.scores[1]
        error = self._error(scores, null)
        # Compared as products: all signs alike draw the residuals themselves, whose error may be 0.
        as_far = np.abs(slope) * self.error >= abs(self.effect - null) * error * (1 - 1e-12)
        return float((1 + as_far.sum()) / (DRAWS + 1))

    def bound(self, side: int) -> float:
        """Return the end of the interval on a side: beyond it the null is refused.

        Infinite where one team moves nearly all: turning it round or not is no test.
        """
        step = max(self.error, NOTHING_LEFT * abs(self.effect), np.finfo(float).tiny)
        inside, outside = self.effect, self.effect + side * 2 * step
        for _ in range(DOUBLINGS):
            if self.p_value(outside) < LEVEL:
                break
            inside, outside = outside, outside + (outside - self.effect)
        else:
            return side * np.inf
        for _ in range(40):
            middle = (inside + outside) / 2
            if self.p_value(middle) >= LEVEL:
                inside = middle
            else:
                outside = middle
        return float((inside + outside) / 2)


def finding(found: Row) -> str:
    """Return what may be said of an effect."""
    if found["p_value"] >= LEVEL or found["low"] <= 0 <= found["high"]:
        return "no effect found"
    if found["placebo_p_value"] < LEVEL:
        return "goes both ways"
    return "higher" if found["effect"] > 0 else "lower"
