"""What persons did and as which audience they stood when a month was over, in plain Python."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from reference_events import (
    AUDIENCES,
    INSTRUMENTS,
    METRICS,
    TYPES,
    ZONE,
    Event,
    House,
    local_day,
    placed,
    registry,
)
from reference_periods import after, first_of

Period = tuple[str, date, date]
CONTRACTS = {row["audience"] for row in registry("contract_audiences")}
ACTIVITIES = {(row["record"], row["record_type"]): row for row in registry("activity_families")}
FAMILIES = ("customer", "fan")


@dataclass(frozen=True)
class Deed:
    """One thing that somebody did on a day; `activity` is None for what is no fan's activity."""

    source: str
    person: str
    family: str | None
    kind: str
    activity: str | None
    day: date


class Stood(NamedTuple):
    """A person who stood in an audience when a month was over; `sources` tell of the membership."""

    person: str
    family: str
    audience: str
    sources: frozenset[str]


def activity_of(record: str, kind: str | None, stars: float | None = None) -> str | None:
    """Return the family of activity of a record, None where it is none."""
    row = ACTIVITIES.get((record, kind or ""))
    if row is None:
        return None
    least = row["at_least_stars"]
    if least is not None and (stars is None or stars < float(least)):
        return None
    return str(row["activity"])


def deeds(house: House) -> Iterator[Deed]:
    """Yield what is known to have been done by somebody who is known."""
    for row in house.contracts["orders"]:
        family = TYPES.get(row["order_kind"] or "", {}).get("family")
        where = placed(house, row, row["account_id"], family, row["ordered_at"], row["audience"])
        day = local_day(row["ordered_at"])
        if row["status"] in ("paid", "refunded") and where["person"] and day:
            kind = row["order_kind"]
            yield Deed(
                row["source"],
                where["person"],
                where["family"],
                kind,
                activity_of("order", kind),
                day,
            )
    for row in house.contracts["touchpoints"]:
        person, day = house.person(row["account_id"]), local_day(row["occurred_at"])
        activity = activity_of("touchpoint", row["touchpoint_type"])
        if person and day and activity:
            family = TYPES[row["touchpoint_type"]]["family"]
            yield Deed(row["source"], person, family, row["touchpoint_type"], activity, day)
    for row in house.contracts["feedback_turns"]:
        person, day = house.person(row["account_id"]), local_day(row["occurred_at"])
        promise = INSTRUMENTS.get(row["instrument"] or "", {}).get("confidentiality")
        activity = activity_of(
            "feedback", row["feedback_kind"], row["stars"] if row["stars_max"] == 5 else None
        )
        is_open = row["instrument"] is None or promise == "identified"
        if person and day and activity and is_open:
            yield Deed(row["source"], person, None, row["feedback_kind"], activity, day)


class Purchases:
    """Who had bought by when; while purchases are young on record, nobody is known not to have."""

    def __init__(self, done: Iterable[Deed]) -> None:
        self.first: dict[str, date] = {}
        for deed in done:
            if deed.activity == "purchase":
                self.first[deed.person] = min(self.first.get(deed.person, date.max), deed.day)
        self.known_from = min(self.first.values(), default=None)

    def buys(self, person: str | None, day: date | None) -> str | None:
        """Return yes or no, as it was before a day began; None where it is not known."""
        if person is None or day is None or self.known_from is None:
            return None
        if self.first.get(person, date.max) < day:
            return "yes"
        return "no" if self.known_from + timedelta(days=90) <= day else None


def last_instant(moment: date) -> datetime:
    """Return the last microsecond before a local day begins, in UTC."""
    midnight = datetime.combine(moment, time(0), ZONE).astimezone(UTC).replace(tzinfo=None)
    return midnight - timedelta(microseconds=1)


def kinds_of(role: str) -> list[str]:
    """Return the period kinds of every metric of a role."""
    named = [metric["periods"].split("|") for metric in METRICS if metric["role"] == role]
    return sorted({kind for periods in named for kind in periods})


class Lives:
    """The closed months of a house, who stood where when they ended, and who did what."""

    def __init__(self, house: House, happened: list[Event], today: date) -> None:
        self.house, self.today = house, today
        first = min(event.day for event in happened if event.day)
        self.moments = [date(first.year - 1, 1, 1)]
        while after("month", self.moments[-1]) <= today:
            self.moments.append(after("month", self.moments[-1]))
        self.deeds = list(deeds(house))
        self.purchases = Purchases(self.deeds)
        self.by_person: dict[str, list[Deed]] = defaultdict(list)
        for deed in sorted(self.deeds, key=lambda deed: deed.day):
            self.by_person[deed.person].append(deed)
        self.sources: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in house.contracts["membership_evidence"]:
            person = house.person(row["account_id"])
            if person and row["snapshot_date"] is None:
                self.sources[person, row["audience"]].add(row["source"])
        self.standing = {moment: list(self.stood(moment)) for moment in self.moments}

    def stood(self, moment: date) -> Iterator[Stood]:
        """Yield customers and fans as they stood at the last instant before a day."""
        for person in self.house.members:
            for family in FAMILIES:
                audience = self.house.lived_as(person, family, last_instant(moment))
                if audience in AUDIENCES:
                    sources = frozenset(self.sources[person, audience])
                    yield Stood(person, family, audience, sources)

    def periods(self, role: str) -> Iterator[Period]:
        """Yield the closed calendar periods that a metric of the role names."""
        for kind in kinds_of(role):
            for moment in self.moments[:-1]:
                end = after(kind, moment)
                if first_of(kind, moment) == moment and end <= self.today:
                    yield kind, moment, end

    def has_contract(self, person: str, family: str, moment: date) -> bool:
        """Return whether a contract of the family ran when the month was over."""
        instant = last_instant(moment)
        return any(
            audience in CONTRACTS
            and AUDIENCES[audience]["family"] == family
            and begins <= instant < ends
            for audience, begins, ends in self.house.members.get(person, ())
        )

    def is_minor(self, person: str) -> bool:
        """Return whether somebody is under 18 today, or ever stood in an audience of minors."""
        born = self.house.births.get(person)
        if born and born.replace(year=born.year + 18) > self.house.as_of.date():
            return True
        return any(
            AUDIENCES[audience]["is_minor"] == "true"
            for audience, _, _ in self.house.members.get(person, ())
        )
