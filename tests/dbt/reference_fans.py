"""Engagement, advocacy and growth of fans, a second time from the definitions (domain, section 4)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from reference_commerce import standing
from reference_events import AUDIENCES, METRICS, Event, Row, registry
from reference_lives import Lives, Stood

HALF_LIFE, STRONG = 90, 80.0
ON_RECORD = timedelta(days=90)
ALL = ("attend", "content", "community", "advocate", "purchase")
VERSION = next(m["definition_version"] for m in METRICS if m["metric"] == "fan_engagement")
BASELINE: dict[str, list[tuple[float, float]]] = {
    activity: sorted(
        (float(row["percent"]), float(row["decayed_count"]))
        for row in registry("engagement_baselines")
        if (row["activity"], row["baseline_version"]) == (activity, VERSION)
    )
    for activity in ALL
}


@dataclass(frozen=True)
class Engagement:
    """How engaged a fan was when a month was over; a family that is not on record is missing."""

    who: Stood
    counts: dict[str, float]
    scores: dict[str, float]
    has_advocated: bool
    is_superfan: bool | None = None

    def mean(self, families: list[str]) -> float | None:
        return sum(self.scores[f] for f in families) / len(families) if families else None

    @property
    def engagement(self) -> float | None:
        return self.mean(list(self.scores))

    @property
    def without_purchase(self) -> float | None:
        return self.mean([f for f in self.scores if f != "purchase"])

    @property
    def strong(self) -> int:
        return sum(
            score >= STRONG - 1e-9 for name, score in self.scores.items() if name != "purchase"
        )


def score(activity: str, decayed: float) -> float:
    """Return where a decayed count lies in the frozen baseline, straight between its knots."""
    knots = BASELINE[activity]
    at = max(n for n, (_, count) in enumerate(knots) if count <= decayed)
    percent, count = knots[at]
    if at + 1 == len(knots):
        return percent
    next_percent, next_count = knots[at + 1]
    return percent + (next_percent - percent) * (decayed - count) / (next_count - count)


def recorded(lives: Lives, moment: date) -> list[str]:
    """Return the families of activity that have been on record for 90 days."""
    begun = {
        activity: min((d.day for d in lives.deeds if d.activity == activity), default=date.max)
        for activity in ALL
    }
    return [activity for activity in ALL if begun[activity] <= moment - ON_RECORD]


def engagements(lives: Lives) -> Iterator[tuple[date, Engagement]]:
    """Yield every fan who is no minor at every month end, superfans by the month before too."""
    before: dict[str, Engagement] = {}
    for moment in lives.moments:
        families = recorded(lives, moment)
        now: dict[str, Engagement] = {}
        for who in lives.standing[moment]:
            if who.family == "fan" and families and not lives.is_minor(who.person):
                now[who.person] = engagement(lives, who, moment, families)
        for person, found in now.items():
            last = before.get(person)
            is_superfan = None
            if "advocate" in families and len(set(families) - {"purchase"}) >= 2:
                strong = min(found.strong, last.strong if last else 0)
                is_superfan = found.has_advocated and strong >= 2
            yield moment, replace(found, is_superfan=is_superfan)
        before = now


def engagement(lives: Lives, who: Stood, moment: date, families: list[str]) -> Engagement:
    counts = dict.fromkeys(families, 0.0)
    for deed in lives.by_person.get(who.person, ()):
        if deed.activity in counts and deed.day < moment:
            age = (moment - deed.day).days - 1
            counts[deed.activity] += 0.5 ** (age / HALF_LIFE)
    scores = {family: score(family, count) for family, count in counts.items()}
    return Engagement(who, counts, scores, counts.get("advocate", 0.0) > 0)


def engaged(lives: Lives) -> Iterator[Event]:
    """Yield engagement and superfans when each period ended."""
    found: dict[date, list[Engagement]] = defaultdict(list)
    for moment, one in engagements(lives):
        found[moment].append(one)
    for role in ("fan_engagement", "fan_engagement_without_purchase", "superfan"):
        for period in lives.periods(role):
            for one in found[period[2]]:
                value = {
                    "fan_engagement": one.engagement,
                    "fan_engagement_without_purchase": one.without_purchase,
                    "superfan": None if one.is_superfan is None else float(one.is_superfan),
                }[role]
                if value is not None:
                    mine = lives.by_person.get(one.who.person, ())
                    sources = {deed.source for deed in mine if deed.activity}
                    buys = lives.purchases.buys(one.who.person, period[2])
                    yield standing(role, period, one.who, value, sources, buys=buys)


def advocates(lives: Lives) -> Iterator[Event]:
    """Yield the members of an audience with their acts of advocacy, once any is on record."""
    begun = min((d.day for d in lives.deeds if d.activity == "advocate"), default=date.max)
    for period in lives.periods("advocacy"):
        _, start, end = period
        if start < begun:
            continue
        for who in lives.standing[end]:
            acts = [
                deed
                for deed in lives.by_person.get(who.person, ())
                if deed.activity == "advocate" and start <= deed.day < end
            ]
            sources = {deed.source for deed in acts}
            buys = lives.purchases.buys(who.person, end)
            yield standing("advocacy", period, who, float(len(acts)), sources, buys=buys)


def growing(lives: Lives) -> Iterator[Event]:
    """Yield what every platform of an audience grew by; unknown where it was not counted on."""
    counts: dict[tuple[str, str], dict[date, Row]] = defaultdict(dict)
    told = sorted(lives.house.contracts["audience_counts"], key=lambda row: row["count_id"])
    for row in told:
        if row["people"] is not None:
            counts[row["audience"], row["platform"]][row["counted_on"]] = row
    week = timedelta(days=7)
    for period in lives.periods("follower_growth"):
        _, start, end = period
        for (audience, platform), by_day in counts.items():
            begins = [day for day in by_day if start - week <= day < start]
            if not begins:
                continue
            within = [by_day[day] for day in sorted(by_day) if start <= day < end]
            is_unknown = not within or within[-1]["counted_on"] < end - week
            at_start = by_day[max(begins)]["people"]
            yield Event(
                event="public_count",
                role="follower_growth",
                source=within[-1]["source"] if within else by_day[max(begins)]["source"],
                audience=audience,
                family=AUDIENCES[audience]["family"],
                person=None,
                respondent=f"platform:{platform}",
                value=0.0 if is_unknown else float(grown(within, at_start)),
                facts={},
                is_unknown=is_unknown,
                exposure=float(at_start),
                period=period,
                sources=frozenset(row["source"] for row in by_day.values()),
            )


def grown(within: list[Row], at_start: int) -> int:
    """Return joins less leaves, from the numbers themselves where one is not told."""
    if any(row["joined"] is None or row["left_count"] is None for row in within):
        return int(within[-1]["people"] - at_start)
    return int(sum(row["joined"] - row["left_count"] for row in within))
