"""Coverage where chance has to be drawn: people who answer twice, counts, waiting times.

Fixed seeds. A setting is drawn many times; each time is an audience of its own, so one query of the
house's models judges them all, from `int_metric_events` on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import house_events
from benchmarks.house_sql import HouseSql

SEED = 20260630
# Correlation of two answers of one person.
ICC = 0.3
PERSONS = (30, 100)
# Drawing an interval from its persons takes two hundred times as long as a formula.
TIMES = {"clustered": 4000, "counted": 400, "waited": 1000}

Drawn = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Setting:
    """What is drawn: a metric, a name for the reader, its truth, and who draws it."""

    metric: str
    name: str
    true: float
    draw: Callable[[np.random.Generator, int, int], Drawn]


def observed(role: Mapping[str, Any], drawn: Drawn) -> pd.DataFrame:
    """Return drawn answers (time, person, value, ...) as events; each time is an audience."""
    time, person = drawn["time"], drawn["person"]
    given = {name: drawn[name] for name in ("value", "exposure", "has_struck") if name in drawn}
    return pd.DataFrame(
        {
            "event": role["event"],
            "role": role["role"],
            "audience": time.astype(str).astype(object),
            "respondent_id": [f"{a}:{b}" for a, b in zip(time, person, strict=True)],
            "scale_min": role["scale_min"],
            "scale_max": role["scale_max"],
            "observed_on": house_events.AFTER.date(),
            "has_struck": True,
            **given,
        }
    )


def covered(setting: Setting, persons: int, times: int) -> dict[str, Any]:
    """Return how often the interval of a setting holds its truth."""
    key = [SEED, persons, *setting.name.encode(), *setting.metric.encode()]
    drawn = setting.draw(np.random.default_rng(key), persons, times)
    metrics = house_events.registry()
    metrics = metrics[metrics["metric"] == setting.metric]
    events = house_events.events(observed(metrics.iloc[0].to_dict(), drawn))
    with HouseSql({**house_events.beside(metrics), "int_metric_events": events}) as house:
        found = house.rows("int_metric_estimates")
    low = found["low"].fillna(-np.inf) <= setting.true + 1e-9
    # Beyond the longest wait the interval is open above.
    high = setting.true - 1e-9 <= found["high"].fillna(np.inf)
    return {
        "metric": setting.metric,
        "setting": setting.name,
        "persons": persons,
        "answers": round(len(drawn["time"]) / times, 1),
        "n_eff": round(float(found["n_eff"].mean()), 1),
        "times": len(found),
        "covered": round(float((low & high).mean()), 4),
        "too_high": round(float((~low).mean()), 4),
        "too_low": round(float((~high).mean()), 4),
    }


def people(generator: np.random.Generator, persons: int, times: int) -> tuple[Drawn, np.ndarray]:
    """Return who answers: half of the people once, the others up to eight times."""
    often = np.minimum(generator.geometric(0.5, size=times * persons), 8)
    who = np.repeat(np.arange(times * persons), often)
    return {"time": who // persons, "person": who % persons}, who


def categorical(
    shares: tuple[float, ...], values: tuple[float, ...]
) -> Callable[[np.random.Generator, int, int], Drawn]:
    """Return a draw of answers whose shares differ from person to person (Dirichlet)."""

    def draw(generator: np.random.Generator, persons: int, times: int) -> Drawn:
        answers, who = people(generator, persons, times)
        own = generator.dirichlet(np.array(shares) * (1 / ICC - 1), size=times * persons)
        at = (own.cumsum(axis=1)[who] < generator.random(len(who))[:, None]).sum(axis=1)
        return {**answers, "value": np.array(values)[np.minimum(at, len(values) - 1)]}

    return draw


def _share(share: float) -> Setting:
    draw = categorical((1 - share, share), (1.0, 5.0))
    return Setting("csat", f"{share:.0%} content", share, draw)


def _score(promoters: float, detractors: float) -> Setting:
    shares = (detractors, 1 - promoters - detractors, promoters)
    name = f"{promoters:.0%} promoters, {detractors:.0%} detractors"
    draw = categorical(shares, (0.0, 7.0, 10.0))
    return Setting("nps", name, 100 * (promoters - detractors), draw)


def _mean(name: str, *shares: float) -> Setting:
    values = tuple(float(point) for point in range(1, len(shares) + 1))
    true = float(np.dot(values, shares))
    return Setting("ces_mean", name, true, categorical(shares, values))


CLUSTERED = (
    _share(0.1), _share(0.3), _share(0.5), _share(0.8), _share(0.9),
    _score(0.5, 0.2), _score(0.3, 0.3), _score(0.15, 0.6), _score(0.05, 0.05),
    _mean("mostly easy", 0.04, 0.05, 0.07, 0.10, 0.19, 0.27, 0.28),
    _mean("love or hate", 0.35, 0.08, 0.05, 0.04, 0.05, 0.08, 0.35),
)  # fmt: skip


def _counts(name: str, mean: float, shape: float) -> list[Setting]:
    """Orders of a year, negative binomial, for each person who ordered at least once."""

    def draw(generator: np.random.Generator, persons: int, times: int) -> Drawn:
        size = times * persons
        more = generator.negative_binomial(shape, shape / (shape + mean - 1), size=size)
        who = np.arange(size)
        return {"time": who // persons, "person": who % persons, "value": 1.0 + more}

    return [Setting(metric, name, mean, draw) for metric in house_events.RATIOS]


def _contacts() -> list[Setting]:
    """Contacts for each case: cases differ in number, people in how often they come back."""

    def draw(generator: np.random.Generator, persons: int, times: int) -> Drawn:
        size = times * persons
        cases = generator.geometric(0.5, size=size)
        habit = generator.gamma(2.0, 0.5, size=size)
        who = np.arange(size)
        return {"time": who // persons, "person": who % persons, "exposure": cases.astype(float),
                "value": cases + generator.poisson(0.8 * habit * cases)}  # fmt: skip

    return [
        Setting(metric, "contacts a case, mean 1.8", 1.8, draw) for metric in house_events.RATIOS
    ]


COUNTED = (
    *_counts("orders a customer, mean 2, geometric", 2.0, 1.0),
    *_counts("orders a customer, mean 4, long tail", 4.0, 0.4),
    *_contacts(),
)


def _waits(metric: str, share: float, censored: float) -> Setting:
    """First replies, lognormal, alike within a person; some are never seen to come."""

    def draw(generator: np.random.Generator, persons: int, times: int) -> Drawn:
        answers, who = people(generator, persons, times)
        habit = generator.standard_normal(times * persons)[who]
        noise = ICC**0.5 * habit + (1 - ICC) ** 0.5 * generator.standard_normal(len(who))
        wait = np.exp(np.log(180) + 1.1 * noise)
        # A ticket is looked at for a while only; the rate is such that so many end unseen.
        seen = np.where(
            generator.random(len(who)) < 2 * censored, generator.exponential(260.0, len(who)), 1e9
        )
        return {**answers, "value": np.minimum(wait, seen), "has_struck": wait <= seen}

    true = float(np.exp(np.log(180) + 1.1 * _normal_quantile(share)))
    return Setting(metric, f"{share:.0%} quantile, {censored:.0%} unseen", true, draw)


def _normal_quantile(share: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(share)


WAITED = (
    _waits("first_response_minutes_p50", 0.5, 0.0),
    _waits("first_response_minutes_p50", 0.5, 0.15),
    _waits("first_response_minutes_p90", 0.9, 0.0),
    _waits("first_response_minutes_p90", 0.9, 0.15),
)


def _days() -> Setting:
    def draw(generator: np.random.Generator, persons: int, times: int) -> Drawn:
        who = np.arange(times * persons)
        return {"time": who // persons, "person": who % persons,
                "value": generator.exponential(2.0, len(who))}  # fmt: skip

    return Setting("days_to_company", "exponential days", 2.0, draw)


def clustered(times: int = TIMES["clustered"]) -> list[dict[str, Any]]:
    """Return the coverage of scores, shares and means where people answer several times."""
    return [covered(setting, persons, times) for setting in CLUSTERED for persons in PERSONS]


def counted(times: int = TIMES["counted"]) -> list[dict[str, Any]]:
    """Return the coverage of counts a person, linearised and resampled, and of plain means."""
    return [covered(one, persons, times) for one in (*COUNTED, _days()) for persons in PERSONS]


def waited(times: int = TIMES["waited"]) -> list[dict[str, Any]]:
    """Return the coverage of quantiles of waiting times."""
    return [covered(one, persons, times) for one in WAITED for persons in PERSONS]
