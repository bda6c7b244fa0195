"""What a load is expected to be like, from what its own source has sent before.

A load is held against earlier ones over a like span (half to double the hours since the last good
load), so a weekly load is never measured by daily ones; with too few of those nothing is
expected. What has once been taken counts as usual from then on: bounds begin at the extremes of the
history and are widened by chance and by an effect below which nobody would act.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from quality.profiles import OTHER, Profile

ENOUGH_LOADS = 7  # over a like span; with fewer there is no habit yet
ENOUGH_PAST_ROWS = 30
# A month of five sources asks 64,000 questions. As bounds begin at extremes, clean days give fewer
# findings than chance alone would: at 1e-3 three in 38,433 questions, at 1e-4 one.
CHANCE = 1e-5
EFFECT = 0.1  # a share that moves by less is nobody's alarm, however many rows show it
EFFECTS = {
    "lies after the clock": 0.02,
    # What is known may change, and go, in batches that nobody has seen yet.
    "did not come again": 0.25,
    "is gone": 0.25,
    "came changed": 0.25,
}
FEWER = 0.6  # a volume above this part of the least so far is nobody's alarm
# Rows come in clumps (a merge, a batch, a campaign), so they are worth fewer than they are.
CLUMP = 2.0
WEIGHT = 10  # rows of the whole history that stand beside each single load
LIKE = 2.0
# So many times the new rows of any earlier load are a wave or an import: they say nothing of the
# others, and only what no row should be is asked of them.
INFLUX, SMALL_INFLUX = 3, 20
ALWAYS = (
    "lies after the clock",
    "did not come again",
    "came twice",
    "under a new key",
    "set aside",
)
SILENCE, SPARE_HOURS = 1.5, 24.0
LEAST_EVENTS, LEAST_DAYS = 30, 60


@dataclass(frozen=True, slots=True)
class Expected:
    """A figure of a load beside what its history lets expect: nothing outside `low` to `high`.

    It is so in `came` (a share) of the `of` rows that could be; a number of rows is both, and
    `loads` says how many earlier loads the bounds come of.
    """

    table: str
    what: str
    came: float
    of: int
    low: float
    high: float
    loads: int
    beyond: float = 0.0


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a table has sent nothing newer, and the longest that it did so within a year."""

    table: str
    newest: datetime
    hours: float
    longest: float

    @property
    def allowed(self) -> float:
        return SILENCE * self.longest + SPARE_HOURS

    @property
    def beyond(self) -> float:
        return max(0.0, self.hours - self.allowed)


def like(now: Profile, past: Sequence[Profile]) -> list[Profile]:
    """Return the earlier profiles of the same table and stream over a like span."""
    span = now.span
    if not span:
        return []
    return [
        one
        for one in past
        if (one.table, one.stream) == (now.table, now.stream)
        and one.span
        and span / LIKE <= one.span <= span * LIKE
    ]


def volume(now: Profile, past: Sequence[Profile], is_part: bool = False) -> Iterator[Expected]:
    """Yield what is expected of the number of rows; only too few are a finding.

    How many rows were read says nothing of a table that is read in part, as a file is that changed.
    """
    loads = like(now, past)
    if len(loads) < ENOUGH_LOADS or not now.span:
        return
    from scipy.stats import poisson  # the better part of a second, which a young house spares

    for what in ("rows",) if is_part else ("rows", "extracted"):
        scaled = [getattr(one, what) * min(1.0, now.span / (one.span or 1)) for one in loads]
        least = min(scaled)
        low = min(float(poisson.ppf(CHANCE, least)) if least else 0.0, FEWER * least)
        came = float(getattr(now, what))
        said = "rows that are new or changed" if what == "rows" else "rows"
        beyond = max(0.0, low - came)
        high = float(max(scaled))
        yield Expected(now.table, said, came, int(came), low, high, len(loads), beyond)


def shares(now: Profile, past: Sequence[Profile]) -> Iterator[Expected]:
    """Yield each share of a load that lies beyond its history."""
    loads = like(now, past)
    if len(loads) < ENOUGH_LOADS:
        return
    influx = is_influx(now, loads)
    for what, so, of, before in _questions(now, loads):
        if influx and not _is_single(what):
            continue
        if found := _held(what, so, of, before):
            yield replace(found, table=now.table)


def is_influx(now: Profile, loads: Sequence[Profile]) -> bool:
    """Say whether far more new rows came than ever, as when a survey or an import begins."""
    return now.new > INFLUX * max(one.new for one in loads) + SMALL_INFLUX


def _questions(
    now: Profile, loads: Sequence[Profile]
) -> Iterator[tuple[str, int, int, list[tuple[int, int]]]]:
    """Yield each question with rows that are so, of how many, and the same of earlier loads."""
    for what, (so, of) in now.shares.items():
        before = [one.shares[what] for one in loads if what in one.shares]
        yield what, so, of, before
    for name, spread in now.bins.items():
        earlier = [one.bins[name] for one in loads if one.bins.get(name)]
        labels = {label for one in [spread, *earlier] for label in one}
        ask = _above if name in now.ordered else _is
        yield from ask(name, labels, spread, earlier)


def _is(name: str, labels: set[str], spread: Mapping[str, int], earlier: Any) -> Iterator[Any]:
    of = sum(spread.values())
    for label in sorted(labels):
        before = [(one.get(label, 0), sum(one.values())) for one in earlier]
        said = f"{name} is {OTHER}" if label == OTHER else f"{name} is '{label}'"
        yield said, spread.get(label, 0), of, before


def _above(name: str, labels: set[str], spread: Mapping[str, int], earlier: Any) -> Iterator[Any]:
    edges = sorted(labels, key=float)[:-1]
    of, sums = sum(spread.values()), [sum(one.values()) for one in earlier]
    so, before = of, list(sums)
    for edge in edges:
        so -= spread.get(edge, 0)
        before = [left - one.get(edge, 0) for left, one in zip(before, earlier, strict=True)]
        yield f"{name} is above {float(edge):g}", so, of, list(zip(before, sums, strict=True))


def _held(what: str, so: int, of: int, before: Sequence[tuple[int, int]]) -> Expected | None:
    """Return a share with its bounds where it lies beyond them, else None."""
    before = [(k, n) for k, n in before if n]
    k, n = sum(k for k, _ in before), sum(n for _, n in before)
    if not of or n < ENOUGH_PAST_ROWS:
        return None
    overall = (k + 0.5) / (n + 1)
    each = [overall, *((k + WEIGHT * overall) / (n + WEIGHT) for k, n in before)]
    effect = next((size for end, size in EFFECTS.items() if what.endswith(end)), EFFECT)
    low, high, share = min(each) - effect, max(each) + effect, so / of
    if low <= share <= high:
        return None
    side = max(each) if share > high else min(each)
    worth = 1.0 if _is_single(what) else _clump(before, overall)
    rare = int(so / worth) if share > high else math.ceil(so / worth)
    if _chance(rare, max(rare, int(of / worth)), side, n / worth, more=share > high) > CHANCE:
        return None
    beyond = share - high if share > high else low - share
    return Expected("", what, share, of, max(0.0, low), min(1.0, high), len(before), beyond)


def _is_single(what: str) -> bool:
    """Say whether a question is about what no row should be, whatever comes with it."""
    return what.endswith(ALWAYS) or " is unknown in " in what


def _clump(before: Sequence[tuple[int, int]], share: float) -> float:
    """Return how many rows are worth one: how much more loads differ than by chance alone."""
    spread = sum((k - n * share) ** 2 / (n * share * (1 - share)) for k, n in before)
    return max(CLUMP, spread / max(1, len(before) - 1))


def _chance(so: int, of: int, share: float, past: float, more: bool) -> float:
    """Return how probable so many rows or more (fewer) are, given a share known from `past` rows.

    Beta-binomial, so a share that few rows have told is as uncertain as it should be.
    """
    import numpy as np
    from scipy.stats import betabinom

    counts = np.arange(so, of + 1) if more else np.arange(0, so + 1)
    told = betabinom.pmf(counts, of, share * (past + 1), (1 - share) * (past + 1))
    return float(np.sum(told))


def silence(
    table: str,
    newest: datetime | None,
    longest: float | None,
    events: int,
    days: float,
    as_of: datetime,
) -> Silence | None:
    """Return how long a table has been silent, or None where its habit is not known yet."""
    if newest is None or longest is None or events < LEAST_EVENTS or days < LEAST_DAYS:
        return None
    return Silence(table, newest, (as_of - newest).total_seconds() / 3600, longest)
