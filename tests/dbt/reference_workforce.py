"""Who was employed where on which day, who was hired and how, in plain Python (domain, section 4).

Counted day by day: a day of a person belongs to one record or to none.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from reference_commerce import rate
from reference_events import AUDIENCES, METRICS, Event, House, Row, local_day, registry
from reference_periods import calendar

DAY = timedelta(days=1)
COSTS = {row["job_title"]: row for row in registry("replacement_costs")}
Period = tuple[str, date, date]
Key = tuple[str, Period, str, str | None]


@dataclass(frozen=True)
class Stint:
    """Days of employment without a gap: the record of each, in order."""

    person: str
    first: date
    records: list[Row]
    goes_on: bool
    hired: date | None

    @property
    def left(self) -> date | None:
        return None if self.goes_on else self.first + len(self.records) * DAY

    @property
    def kind(self) -> str | None:
        return None if self.goes_on else self.records[-1]["leaving_kind"]


def who(house: House, account: str) -> str:
    return house.person(account) or account


def holds(row: Row, day: date) -> bool:
    """Return whether somebody was at work that day, by the record that tells of it."""
    hired = row["hired_on"]
    is_hired_later = hired is not None and day < hired < ends(row)
    return row["contract_kind"] != "terminated" and not is_hired_later


def ends(row: Row) -> date:
    """Return the day after the last of a record; a leaving ends what held."""
    end, left = row["valid_to"] or date.max, row["left_on"]
    if row["contract_kind"] == "terminated" or left is None or left <= row["valid_from"]:
        return end
    return min(end, left)


def record_of(rows: list[Row], day: date) -> Row | None:
    """Return what is known of a day: the record that began last, then the one recorded last."""
    telling = [r for r in rows if r["valid_from"] <= day < ends(r)]
    latest = max(
        telling,
        key=lambda r: (r["valid_from"], r["known_from"] or datetime.min, r["employment_id"]),
        default=None,
    )
    return latest if latest and holds(latest, day) else None


def days_of(house: House, today: date) -> dict[str, dict[date, Row]]:
    """Return each person's days of employment up to today, and the day after."""
    accounts: dict[str, list[Row]] = defaultdict(list)
    for row in house.contracts["employments"]:
        is_known = (row["known_from"] or datetime.min) <= house.as_of
        if row["snapshot_date"] is None and is_known and row["known_to"] is None:
            accounts[row["account_id"]].append(row)
    persons: dict[str, dict[date, Row]] = defaultdict(dict)
    for account, rows in accounts.items():
        person, day = who(house, account), min(row["valid_from"] for row in rows)
        while day <= today:
            found, held = record_of(rows, day), persons[person].get(day)
            if found and (held is None or held["valid_from"] < found["valid_from"]):
                persons[person][day] = found
            day += DAY
    return persons


def stints(days: dict[str, dict[date, Row]], today: date) -> list[Stint]:
    found = []
    for person, told in days.items():
        left_before: date | None = None
        for first in sorted(told):
            if first - DAY in told:
                continue
            records = []
            while first + len(records) * DAY in told:
                records.append(told[first + len(records) * DAY])
            hired = records[0]["hired_on"]
            is_a_return = left_before is not None and (hired is None or hired < left_before)
            if is_a_return or (hired and hired > first):
                hired = first
            goes_on = first + len(records) * DAY > today
            found.append(Stint(person, first, records, goes_on, hired))
            left_before = found[-1].left
    return found


def closed(role: str, happened: list[Event], today: date) -> list[Period]:
    """Return the closed periods of a role, from a year before anything was observed."""
    named = [m["periods"] for m in METRICS if (m["event"], m["role"]) == ("standing", role)]
    kinds = "|".join(sorted({kind for periods in named for kind in periods.split("|")}))
    first = min(event.day for event in happened if event.day)
    day, found = date(max(first.year, 2000) - 1, 1, 1), set()
    while day < today:
        found |= set(calendar(kinds, day, today))
        day += DAY
    return sorted(found)


class Company:
    """The workforce of a house, and what its metrics are made of."""

    def __init__(self, house: House, happened: list[Event], today: date) -> None:
        self.house, self.happened, self.today = house, happened, today
        self.days = days_of(house, today)
        self.stints = stints(self.days, today)

    def standing(self, key: Key, sources: set[str], value: float, exposure: float) -> Event:
        role, period, person, department = key
        return Event(
            event="standing",
            role=role,
            source=min(sources),
            audience="employee",
            family=AUDIENCES["employee"]["family"],
            person=person,
            respondent=person,
            value=value,
            exposure=exposure,
            facts={"department": department},
            period=period,
            sources=frozenset(sources),
        )

    def heads(self) -> Iterator[Event]:
        hired = {
            (s.person, s.first + n * DAY): s.hired
            for s in self.stints
            for n in range(len(s.records))
        }
        for role in ("headcount", "tenure"):
            for period in closed(role, self.happened, self.today):
                last = period[2] - DAY
                for person, told in self.days.items():
                    record = told.get(last)
                    since = hired.get((person, last))
                    if record and (role == "headcount" or since):
                        value = 1.0 if role == "headcount" else float((period[2] - since).days)
                        key = (role, period, person, record["department"])
                        yield self.standing(key, {record["source"]}, value, 1.0)

    def leavings(self) -> Iterator[tuple[str, date, str, Row]]:
        """Yield (what, when, who, the last record) of each leaving and each move."""
        for stint in self.stints:
            if stint.left:
                yield stint.kind or "unknown", stint.left, stint.person, stint.records[-1]
            for n in range(1, len(stint.records)):
                before, after = stint.records[n - 1], stint.records[n]
                if before["department"] != after["department"]:
                    yield "moved", stint.first + n * DAY, stint.person, before

    def turnover(self) -> Iterator[Event]:
        counts = {
            "turnover": {"voluntary", "involuntary", "unknown"},
            "turnover_voluntary": {"voluntary"},
            "fixed_term_ended": {"end_of_fixed_term"},
            "internal_move": {"moved"},
        }
        left = list(self.leavings())
        is_told = any(
            what in ("voluntary", "involuntary", "end_of_fixed_term") for what, *_ in left
        )
        for role, counted in counts.items():
            needs_kinds = role in ("turnover_voluntary", "fixed_term_ended")
            for period in closed(role, self.happened, self.today):
                _, start, end = period
                inside = [each for each in left if start <= each[1] < end]
                if needs_kinds and (not is_told or any(what == "unknown" for what, *_ in inside)):
                    continue
                yield from self.against_days(
                    role,
                    period,
                    [
                        (who, row, row["source"], 1.0)
                        for what, _, who, row in inside
                        if what in counted
                    ],
                    lambda _: 1 / 365.25,
                )

    def costs(self) -> Iterator[Event]:
        """Yield what leavings cost; the people are those of turnover."""
        left = [each for each in self.leavings() if each[0] not in ("moved", "end_of_fixed_term")]
        for period in closed("turnover_cost", self.happened, self.today):
            _, start, end = period
            priced = {
                (who, row["department"]): cost_of(row, day)
                for _, day, who, row in left
                if start <= day < end
            }
            inside = [
                (who, row, row["source"], cost_of(row, day) or 0.0)
                for _, day, who, row in left
                if start <= day < end
            ]
            for event in self.against_days("turnover_cost", period, inside, lambda _: 1 / 365.25):
                is_unknown = priced.get((event.person, event.facts["department"]), 0.0) is None
                yield replace(event, is_unknown=is_unknown)

    def absences(self) -> Iterator[Event]:
        told = [
            (local_day(e["occurred_at"]), who(self.house, e["account_id"]), e["source"], e["hours"])
            for e in self.house.contracts["work_events"]
            if e["work_event_type"] == "absence" and e["hours"] is not None
        ]
        first = min((day for day, *_ in told if day), default=date.max)
        for period in closed("absence", self.happened, self.today):
            _, start, end = period
            if start < first:
                continue
            missed = []
            for day, person, source, hours in told:
                record = self.days.get(person, {}).get(day or date.max)
                if day and start <= day < end and record and record["weekly_hours"]:
                    missed.append((person, record, source, hours))
            yield from self.against_days(
                "absence",
                period,
                missed,
                lambda row: row["weekly_hours"] / 7 if row["weekly_hours"] else None,
            )

    def against_days(self, role, period, events, worth) -> Iterator[Event]:  # type: ignore[no-untyped-def]
        """Yield what happened against the days of each person and department."""
        _, start, end = period
        values: dict[Key, float] = defaultdict(float)
        exposures: dict[Key, float] = defaultdict(float)
        sources: dict[Key, set[str]] = defaultdict(set)
        for person, row, source, value in events:
            key = (role, period, person, row["department"])
            values[key] += value
            sources[key].add(source)
        for person, told in self.days.items():
            for day in days_between(start, end):
                row = told.get(day)
                worth_of_day = worth(row) if row else None
                if row and worth_of_day is not None:
                    key = (role, period, person, row["department"])
                    exposures[key] += worth_of_day
                    sources[key].add(row["source"])
        for key in {**values, **exposures}:
            yield self.standing(key, sources[key], values[key], exposures[key])


def cost_of(row: Row, left_on: date) -> float | None:
    """Return what replacing somebody costs, in the reporting currency, by the record of the last day."""
    declared = COSTS.get(row["job_title"])
    worth = rate(declared["currency"], left_on) if declared else None
    return float(declared["cost"]) * worth if declared and worth is not None else None


@cache
def days_between(start: date, end: date) -> list[date]:
    return [start + n * DAY for n in range((end - start).days)]


def workforce(house: House, happened: list[Event], today: date) -> Iterator[Event]:
    """Yield how everybody employed stood over each closed period."""
    company = Company(house, happened, today)
    yield from company.heads()
    yield from company.turnover()
    yield from company.costs()
    yield from company.absences()


def hired(
    event: str, role: str, audience: str, source: str, house: House, account: str,
    day: date | None, value: float, struck: bool = True,
) -> Event:  # fmt: skip
    return Event(
        event=event,
        role=role,
        source=source,
        audience=audience,
        family=AUDIENCES[audience]["family"],
        person=house.person(account),
        respondent=who(house, account),
        value=value,
        facts={},
        day=day,
        struck=struck,
    )


def applications(house: House) -> Iterator[Event]:
    stories: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in house.contracts["stage_events"]:
        if row["journey"] == "candidate":
            stories[row["subject_id"] or row["account_id"], row["account_id"]].append(row)
    for (_, account), story in stories.items():
        source = story[0]["source"]
        offers = [row for row in story if row["stage"] == "offer"]
        won = [row["decided_at"] for row in offers if row["outcome"] == "won"]
        lost = [row["decided_at"] for row in story if row["outcome"] == "lost"]
        decided = max((at for at in won or lost if at), default=None)
        if offers and decided:
            yield hired(
                "offer", "decided", "candidate", source, house, account,
                local_day(decided), float(bool(won)),
            )  # fmt: skip
        stopped = house.as_of
        if won:
            stopped = decided
        elif lost:
            stopped = decided or max(row["entered_at"] for row in story)
        began = min((row["entered_at"] for row in story if row["stage"] == "apply"), default=None)
        if began and stopped and stopped >= began:
            yield hired(
                "clock", "time_to_hire", "candidate", source, house, account,
                local_day(began), (stopped - began).total_seconds() / 86400, bool(won),
            )  # fmt: skip


def onboarded(house: House) -> tuple[date, dict[str, list[date]]]:
    """Return the first day on which onboarding was recorded, and when each person completed it."""
    first, completed = date.max, defaultdict(list)
    for row in house.contracts["stage_events"]:
        stage = row["stage"] if row["journey"] == "employee" else None
        if stage == "onboard":
            first = min(first, local_day(row["entered_at"]) or date.max)
        ended = row["decided_at"] if row["outcome"] == "won" else None
        day = local_day({"onboard": ended, "perform": row["entered_at"]}.get(stage or ""))
        if day:
            completed[who(house, row["account_id"])].append(day)
    return first, completed


def onboardings(house: House, today: date) -> Iterator[Event]:
    first, completed = onboarded(house)
    for stint in stints(days_of(house, today), today):
        since = stint.hired
        if not since or since < first or (today - since).days < 90:
            continue
        in_time = [day for day in completed[stint.person] if 0 <= (day - since).days < 90]
        yield Event(
            event="hire",
            role="onboarding",
            source=stint.records[-1]["source"],
            audience="new_hire",
            family=AUDIENCES["new_hire"]["family"],
            person=stint.person,
            respondent=stint.person,
            value=float(bool(in_time)),
            facts={},
            day=since,
        )


def hiring(house: House) -> list[Event]:
    """Return applications, decided offers and hires."""
    today = local_day(house.as_of) or date.min
    return [*applications(house), *onboardings(house, today)]
