"""The formulas of docs and domain, in plain Python: what a published figure is held against.

Written from the definitions (intervals a to e, change, suppression), not from the SQL. Every
function takes the observations of one cell; an observation is (respondent, value, weight).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import md5
from itertools import accumulate
from statistics import stdev
from typing import NamedTuple
from urllib.parse import quote

Z = 1.959964
Z_SQUARED = 3.841459


class Seen(NamedTuple):
    """One observation of a cell; for a wait `struck` says whether it ended."""

    respondent: Hashable
    value: float
    weight: float | None = None
    struck: bool = True
    exposure: float = 1.0


@dataclass(frozen=True)
class Estimate:
    """A value with its sizes and interval; None where there is none."""

    value: float | None
    n: int
    n_eff: float
    low: float | None
    high: float | None
    numerator: float
    std_error: float | None = None
    value_weighted: float | None = None
    denominator: float | None = None


def design_effect(seen: Sequence[Seen]) -> float:
    """Return how much the clustering of answers in persons widens the variance of the mean."""
    n = len(seen)
    mean = sum(s.value for s in seen) / n
    residuals: dict[Hashable, float] = defaultdict(float)
    for s in seen:
        residuals[s.respondent] += s.value - mean
    persons = len(residuals)
    squares = sum((s.value - mean) ** 2 for s in seen)
    if persons < 2 or squares < 1e-9:
        return n / persons
    clustered = sum(r * r for r in residuals.values()) / n**2 * persons / (persons - 1)
    plain = squares / n / (n - 1)
    return max(clustered / plain, 1.0)


def effective(seen: Sequence[Seen]) -> float:
    """Return n_eff: Kish's n where every answer has a weight, over the design effect."""
    weights = [s.weight for s in seen if s.weight is not None]
    n = float(len(seen))
    if len(weights) == len(seen) and sum(w * w for w in weights):
        n = sum(weights) ** 2 / sum(w * w for w in weights)
    return n / design_effect(seen)


def weighted_mean(seen: Sequence[Seen]) -> float | None:
    """Return the mean under the design weights, None where one is missing."""
    if any(s.weight is None for s in seen) or not sum(s.weight or 0.0 for s in seen):
        return None
    return sum((s.weight or 0.0) * s.value for s in seen) / sum(s.weight or 0.0 for s in seen)


def score(seen: Sequence[Seen]) -> Estimate:
    """NPS of answers coded +1, 0, -1: adjusted Wald, clipped to the scale (rule b)."""
    n, n_eff = len(seen), effective(seen)
    promoters = sum(s.value > 0 for s in seen) / n
    detractors = sum(s.value < 0 for s in seen) / n
    p = (promoters * n_eff + 0.75) / (n_eff + 3)
    d = (detractors * n_eff + 0.75) / (n_eff + 3)
    error = math.sqrt((p + d - (p - d) ** 2) / (n_eff + 3))
    value = 100 * (promoters - detractors)
    weighted = weighted_mean(seen)
    return Estimate(
        value=value,
        n=n,
        n_eff=n_eff,
        low=max(-100.0, min(100 * (p - d - Z * error), value)),
        high=min(100.0, max(100 * (p - d + Z * error), value)),
        numerator=sum(s.value for s in seen),
        std_error=100 * error,
        value_weighted=None if weighted is None else 100 * weighted,
    )


def share(seen: Sequence[Seen]) -> Estimate:
    """A share of observations coded 1 and 0: Wilson (rule c)."""
    n, n_eff = len(seen), effective(seen)
    p = sum(s.value for s in seen) / n
    middle = (p + Z_SQUARED / (2 * n_eff)) / (1 + Z_SQUARED / n_eff)
    error = math.sqrt(p * (1 - p) / n_eff + Z_SQUARED / (4 * n_eff**2)) / (1 + Z_SQUARED / n_eff)
    return Estimate(
        value=p,
        n=n,
        n_eff=n_eff,
        low=max(0.0, min(middle - Z * error, p)),
        high=min(1.0, max(middle + Z * error, p)),
        numerator=sum(s.value for s in seen),
        std_error=error,
        value_weighted=weighted_mean(seen),
    )


def bounded_mean(seen: Sequence[Seen], lowest: float, highest: float) -> Estimate:
    """Mean of a scale of K points, 3/K answers added to each of them (rule d)."""
    n, n_eff = len(seen), effective(seen)
    points = [lowest + step for step in range(int(highest - lowest) + 1)]
    mean = sum(s.value for s in seen) / n
    square = sum(s.value**2 for s in seen) / n
    added = 3 / len(points)
    adjusted = (mean * n_eff + sum(added * point for point in points)) / (n_eff + 3)
    squares = (square * n_eff + sum(added * point**2 for point in points)) / (n_eff + 3)
    error = math.sqrt((squares - adjusted**2) / (n_eff + 3))
    return Estimate(
        value=mean,
        n=n,
        n_eff=n_eff,
        low=max(lowest, min(adjusted - Z * error, mean)),
        high=min(highest, max(adjusted + Z * error, mean)),
        numerator=sum(s.value for s in seen),
        std_error=error,
        value_weighted=weighted_mean(seen),
    )


def plain_mean(seen: Sequence[Seen]) -> Estimate:
    """Mean of an unbounded quantity with the normal interval; none from a single respondent."""
    n, n_eff = len(seen), effective(seen)
    mean = sum(s.value for s in seen) / n
    variance = sum((s.value - mean) ** 2 for s in seen) / n
    error = math.sqrt(variance / (n_eff - 1)) if n_eff > 1 else None
    return Estimate(
        value=mean,
        n=n,
        n_eff=n_eff,
        low=None if error is None else mean - Z * error,
        high=None if error is None else mean + Z * error,
        numerator=sum(s.value for s in seen),
        std_error=error,
        value_weighted=weighted_mean(seen),
    )


def by_person(seen: Sequence[Seen]) -> dict[Hashable, tuple[float, float]]:
    """Return each respondent's sums of value and exposure."""
    sums: dict[Hashable, tuple[float, float]] = {}
    for s in seen:
        value, exposure = sums.get(s.respondent, (0.0, 0.0))
        sums[s.respondent] = value + s.value, exposure + s.exposure
    return sums


def ratio(seen: Sequence[Seen]) -> Estimate:
    """Sum of values over sum of exposures; normal interval with the error linearised over persons."""
    people = by_person(seen)
    value, exposure = sum(s.value for s in seen), sum(s.exposure for s in seen)
    r, m = value / exposure, len(people)
    squares = sum((v - r * e) ** 2 for v, e in people.values())
    error = math.sqrt(squares / exposure**2 * m / (m - 1)) if m > 1 else None
    return Estimate(
        value=r,
        n=len(seen),
        n_eff=float(m),
        low=None if error is None else max(r - Z * error, 0.0),
        high=None if error is None else max(r + Z * error, r),
        numerator=value,
        std_error=error,
        denominator=exposure,
    )


def total(seen: Sequence[Seen]) -> Estimate:
    """A sum of all there are: no interval."""
    value, exposure = sum(s.value for s in seen), sum(s.exposure for s in seen)
    people = float(len(by_person(seen)))
    return Estimate(value, len(seen), people, None, None, value, denominator=exposure)


DRAWS = 200
POISSON = list(accumulate(math.exp(-1) / math.factorial(k) for k in range(9)))


@cache
def times_drawn(key: Hashable, draw: int) -> float:
    """Return the Poisson(1) number that comes of a key and the number of a draw (rule f)."""
    share = int(md5(f"{key}:{draw}".encode()).hexdigest()[:13], 16) / 2**52
    return float(sum(share >= reached for reached in POISSON))


def resampled(seen: Sequence[Seen], accounts: Mapping[Hashable, str]) -> Estimate:
    """The ratio with the middle 95 % of its draws: cluster bootstrap over persons (rule f).

    A person is drawn by the smallest of their `accounts`, somebody unknown by their own key.
    """
    people, plain, draws = by_person(seen), ratio(seen), []
    for draw in range(DRAWS):
        times = {who: times_drawn(accounts.get(who, who), draw) for who in people}
        exposure = sum(people[who][1] * times[who] for who in people)
        if exposure:
            draws.append(sum(people[who][0] * times[who] for who in people) / exposure)
    draws.sort()
    return replace(
        plain,
        low=min(between(draws, 0.025), plain.value),
        high=max(between(draws, 0.975), plain.value),
        std_error=stdev(draws),
    )


def between(ordered: Sequence[float], share: float) -> float:
    """Return the quantile of sorted values, interpolated between its neighbours."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def curve(seen: Sequence[Seen]) -> list[tuple[float, float, float]]:
    """Return (wait, share that has ended by then, exposed size) of the Kaplan-Meier curve.

    The exposed size is the number of uncensored waits that would have Greenwood's variance.
    """
    steps: list[tuple[float, float, float]] = []
    survival, greenwood, exposed = 1.0, 0.0, 0.0
    for wait in sorted({s.value for s in seen}):
        at_risk = sum(s.value >= wait for s in seen)
        ended = sum(s.value == wait and s.struck for s in seen)
        survival *= 1 - ended / at_risk
        if 0 < ended < at_risk:
            greenwood += ended / (at_risk * (at_risk - ended))
        if greenwood and survival > 0:
            exposed = (1 - survival) / (survival * greenwood)
        steps.append((wait, 1 - survival, exposed or at_risk))
    return steps


def first_wait(steps: Iterable[tuple[float, float, float]], reached: float) -> float | None:
    """Return the first wait by which that share has ended, None where it never does."""
    return next((wait for wait, ended, _ in steps if ended >= reached - 1e-12), None)


def wait_quantile(seen: Sequence[Seen], quantile: float) -> Estimate:
    """Kaplan-Meier quantile with Woodruff's interval (rule e)."""
    steps = curve(seen)
    value = first_wait(steps, quantile)
    within = [
        Seen(s.respondent, float(s.struck and value is not None and s.value <= value)) for s in seen
    ]
    deff = design_effect(within)
    low = high = None
    if value is not None:
        exposed = next(size for wait, _, size in steps if wait == value)
        margin = Z * math.sqrt(quantile * (1 - quantile) * deff / exposed)
        low = 0.0 if margin >= quantile else first_wait(steps, quantile - margin)
        high = first_wait(steps, quantile + margin)
    return Estimate(
        value=value,
        n=len(seen),
        n_eff=len(seen) / deff,
        low=low,
        high=high,
        numerator=sum(s.struck for s in seen),
        std_error=None if low is None or high is None else (high - low) / (2 * Z),
    )


def p_value(z: float) -> float:
    """Return the two-sided p of a standard normal z."""
    return math.erfc(abs(z) / math.sqrt(2))


def paired_error(now: Sequence[Seen], before: Sequence[Seen]) -> tuple[float, bool]:
    """Return the error of the difference of two means, persons of both counted once, and
    whether at least half of the answers come from people of both.
    """
    contributions: Counter[Hashable] = Counter()
    for seen, sign in ((now, 1.0), (before, -1.0)):
        exposure = sum(s.exposure for s in seen)
        mean = sum(s.value for s in seen) / exposure
        for s in seen:
            contributions[s.respondent] += sign * (s.value - mean * s.exposure) / exposure
    persons = len(contributions)
    stayed = {s.respondent for s in now} & {s.respondent for s in before}
    shared = sum(s.respondent in stayed for s in [*now, *before])
    error = (
        math.sqrt(sum(c * c for c in contributions.values()) * persons / (persons - 1))
        if persons > 1
        else 0.0
    )
    return error, shared * 2 >= len(now) + len(before)


def survivors(p_values: Sequence[float | None], rate: float = 0.05) -> list[bool]:
    """Return which tests survive Benjamini-Hochberg at that rate."""
    known = sorted(p for p in p_values if p is not None)
    passed = [p for rank, p in enumerate(known, start=1) if p <= rate * rank / len(known)]
    limit = max(passed, default=-1.0)
    return [p is not None and p <= limit for p in p_values]


def segment(cut: str, facts: dict[str, str | None]) -> str | None:
    """Return `dimension=value` pairs in alphabetical order, None where a value is missing."""
    values = {dimension: facts.get(dimension) for dimension in sorted(cut.split(";"))}
    if not all(values.values()):
        return None
    return ";".join(f"{name}={quote(value or '', safe='~')}" for name, value in values.items())


def business_minutes(start: datetime, stop: datetime, holidays: set[date]) -> float:
    """Return the minutes between two local times that lie in 9 to 18 h, Monday to Friday."""
    total = 0.0
    day = start.date()
    while day <= stop.date():
        if day.weekday() < 5 and day not in holidays:
            opens = max(start, datetime.combine(day, time(9)))
            closes = min(stop, datetime.combine(day, time(18)))
            total += max((closes - opens).total_seconds() / 60, 0.0)
        day += timedelta(days=1)
    return total
