"""The closed loop in plain Python (domain, sections 5 and 7): who is owed a follow-up, how it went."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from reference_events import (
    AUDIENCES,
    INSTRUMENTS,
    TYPES,
    Event,
    House,
    Row,
    local_day,
    registry,
)
from reference_labels import said
from reference_schedules import SCHEDULES, Schedule, schedule_of
from reference_support import base, clocks, promise
from reference_surveys import judged
from reference_tickets import OVER, Story, counted, story

RULES = registry("case_rules")
SHOWS = {(row["record"], row["kind"]): row["state"] for row in registry("case_evidence")}
STATES = ("assigned", "acknowledged", "acted", "told")


@dataclass
class Case:
    """A follow-up that is owed to a person, and all that sources show of it."""

    trigger: str
    occasion: str
    person: str
    source: str
    audience: str
    family: str | None
    ticket: Row | None
    detected: datetime
    role: str | None = None
    scale: tuple[float | None, float | None] = (None, None)
    score: float | None = None
    instrument: str | None = None
    record: str = ""
    place: tuple[str | None, str | None] = (None, None)
    rule: Row = field(default_factory=dict)
    shown: dict[str, list[datetime]] = field(default_factory=dict)
    due: datetime | None = None
    reopened: datetime | None = None
    next: tuple[datetime, float] | None = None

    @property
    def key(self) -> str:
        return f"{self.trigger}:{self.occasion}"

    @property
    def days(self) -> timedelta:
        return timedelta(days=int(self.rule["follow_up_days"]))

    @property
    def schedule(self) -> Schedule:
        return SCHEDULES[self.rule["schedule"]]

    def first(self, state: str) -> datetime | None:
        return min(self.shown.get(state, ()), default=None)

    def in_time(self, as_of: datetime) -> bool | None:
        """Return whether it was closed in time, None while it has time left."""
        told = self.first("told")
        if self.due is None:
            return None
        if told and told <= self.due:
            return True
        return False if (told or as_of) > self.due else None


def moment_after(schedule: Schedule, start: datetime, minutes: float) -> datetime | None:
    """Return when so many business minutes have passed, walking from opening to opening."""
    if start < schedule.begins:
        return None
    left, day = minutes, start.date() - timedelta(days=1)
    while True:
        for opens, closes in schedule.openings(day):
            begin = max(start, opens)
            length = (closes - begin).total_seconds() / 60
            if length >= left - 1e-9 and length > 0:
                return begin + timedelta(seconds=round(left * 60))
            left -= max(length, 0.0)
        day += timedelta(days=1)


def stage_of(ticket: Row | None) -> tuple[str | None, str | None] | None:
    about = TYPES.get((ticket or {}).get("touchpoint_type") or "")
    return (about["journey"], about["stage"]) if about else None


def scores(house: House, tickets: dict[str, Row]) -> Iterator[Case]:
    for row, where, why in judged(house):
        instrument = INSTRUMENTS.get(row["instrument"] or "", {})
        promised = {row["confidentiality"], instrument.get("confidentiality", "identified")}
        if why or promised != {"identified"} or not row["answered_at"] or not where["person"]:
            continue
        ticket = tickets.get(row["ticket_id"])
        yield Case(
            "answer",
            row["response_id"],
            where["person"],
            row["source"],
            where["audience"],
            where["family"],
            ticket,
            row["answered_at"],
            row["metric_role"],
            (row["scale_min"], row["scale_max"]),
            row["answer_value"],
            row["instrument"],
            row["answer_id"],
            stage_of(ticket) or (instrument.get("journey"), instrument.get("stage")),
        )


def reviews(house: House, tickets: dict[str, Row]) -> Iterator[Case]:
    for row, event, _ in said(house):
        if event.kind != "unsolicited" or event.is_protected or not event.person:
            continue
        if row["stars"] is None or not row["occurred_at"]:
            continue
        about = TYPES.get(row["touchpoint_type"] or "")
        place = (
            (about["journey"], about["stage"]) if about else stage_of(tickets.get(row["ticket_id"]))
        )
        yield Case(
            "stars",
            row["turn_id"],
            event.person,
            row["source"],
            event.audience,
            event.family,
            None,
            row["occurred_at"],
            scale=(1.0, row["stars_max"]),
            score=row["stars"],
            record=row["turn_id"],
            place=place or (None, None),
        )


def broken(house: House) -> Iterator[Case]:
    """Yield tickets with a promise that was broken, from the first one on."""
    for row in counted(house):
        told, event = story(house, row), base(house, row)
        if not told or not event.person:
            continue
        moments = [at for at in breaches(told, row) if at]
        if moments:
            yield Case(
                "promise",
                row["ticket_id"],
                event.person,
                event.source,
                event.audience,
                event.family,
                row,
                min(moments),
                record=row["ticket_id"],
                place=stage_of(row) or (None, None),
            )


def breaches(told: Story, row: Row) -> Iterator[datetime | None]:
    schedule = schedule_of(row["touchpoint_type"])
    for clock, begin, end, _ in clocks(told):
        target = promise(row, clock, told.was("priority", "priority", begin), begin)
        if not target or not target["target_minutes"]:
            continue
        minutes = float(target["target_minutes"])
        if target["minutes_kind"] == "calendar":
            passed: float | None = (end - begin).total_seconds() / 60
            at = begin + timedelta(minutes=minutes)
        else:
            passed, at = schedule.minutes(begin, end), moment_after(schedule, begin, minutes)
        if passed is not None and passed > minutes:
            yield at


def fits(rule: Row, case: Case) -> bool:
    return (
        (rule["trigger"], rule["role"]) == (case.trigger, case.role)
        and case.family in rule["families"].split("|")
        and tuple(rule[end] and float(rule[end]) for end in ("scale_min", "scale_max"))
        == case.scale
        and (rule["at_most"] is None or (case.score or 0.0) <= float(rule["at_most"]))
        and rule["audience"] in (None, case.audience)
        and (rule["stage"] is None or (rule["journey"], rule["stage"]) == case.place)
    )


def ruled(found: list[Case]) -> Iterator[Case]:
    """Yield one case an occasion, under the rule that says most."""
    occasions: dict[str, list[Case]] = defaultdict(list)
    for case in found:
        occasions[case.key].append(case)
    for cases in occasions.values():
        fitting = [(rule, case) for case in cases for rule in RULES if fits(rule, case)]
        if fitting:
            rule, case = min(
                fitting,
                key=lambda pair: (
                    -2 * bool(pair[0]["audience"]) - bool(pair[0]["stage"]),
                    pair[0]["rule"],
                    pair[1].detected,
                    pair[1].record,
                ),
            )
            case.rule = rule
            yield case


def is_adult(house: House, person: str) -> bool:
    born: date | None = house.births.get(person)
    if any(AUDIENCES[a]["is_minor"] == "true" for a, _, _ in house.members.get(person, ())):
        return False
    return born is None or datetime(born.year + 18, born.month, born.day) <= house.as_of


def real(house: House) -> set[str]:
    """Return the persons of whom some account is neither deleted nor a test."""
    flags: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for row in house.contracts["person_observations"]:
        person = house.person(row["account_id"])
        if person:
            flags[person].append((bool(row["is_deleted"]), bool(row["is_test"])))
    return {
        person
        for person, told in flags.items()
        if not all(deleted for deleted, _ in told) and not all(test for _, test in told)
    }


class Shown:
    """What sources show towards persons and on tickets."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.towards: dict[str, list[tuple[datetime, datetime | None, str]]] = defaultdict(list)
        for row in house.contracts["activities"]:
            person = house.person(row["account_id"])
            if person and row["occurred_at"]:
                begun, kind = row["occurred_at"], row["activity_type"]
                self.towards[person] += [
                    (begun, begun, kind),
                    (begun, row["completed_at"], f"{kind}_done"),
                ]
        self.ours: dict[str, list[Row]] = defaultdict(list)
        for row in counted(house):
            opened = any(
                told["event_type"] == "created"
                and told["actor_role"] == "agent"
                and told["actor_account_id"] != row["account_id"]
                for told in house.stories.get(row["ticket_id"], ())
            )
            person = house.person(row["account_id"])
            if opened and person:
                self.ours[person].append(row)

    def of(self, case: Case) -> Iterator[tuple[str, datetime]]:
        """Yield every state with a moment at which it is shown."""
        until = min(case.detected + case.days, self.house.as_of)
        for begun, at, kind in self.towards[case.person]:
            if begun >= case.detected and at and case.detected <= at < until:
                yield from self.states("activity", kind, at)
        tickets = [t for t in self.ours[case.person] if t["created_at"] >= case.detected]
        tickets += [case.ticket] if case.ticket and case.ticket not in tickets else []
        for ticket in tickets:
            for kind, at in self.moves(ticket):
                if case.detected <= at < until:
                    yield from self.states("ticket", kind, at)
        if case.ticket and not (case.ticket["is_test"] or case.ticket["is_deleted"]):
            told = story(self.house, case.ticket) or Story(case.ticket, [], self.house.as_of)
            if told.was("assignment", "assignee_account_id", case.detected):
                yield from self.states("ticket", "assignment", case.detected)

    def states(self, record: str, kind: str, at: datetime) -> Iterator[tuple[str, datetime]]:
        if (record, kind) in SHOWS:
            yield SHOWS[record, kind], at

    def moves(self, ticket: Row) -> Iterator[tuple[str, datetime]]:
        for row in self.house.stories.get(ticket["ticket_id"], ()):
            is_note = row["event_type"] == "comment" and row["is_public"] is False
            if is_note and row["actor_role"] == "agent":
                yield "note", row["occurred_at"]
        told = None
        if not (ticket["is_test"] or ticket["is_deleted"]):
            told = story(self.house, ticket)
        for row in told.happened if told else ():
            if told and told.said(row) == "reply":
                yield "reply", row["occurred_at"]
            elif row["event_type"] == "assignment" and row["value"]:
                yield "assignment", row["occurred_at"]
            elif (row["event_type"], row["value"]) == ("status", "solved"):
                yield "solved", row["occurred_at"]


def came_back(house: House, case: Case, cases: list[Case]) -> datetime | None:
    """Return when the ticket came back or the person triggered another case of the family."""
    told, moments = case.first("told"), []
    if not told:
        return None
    ticket = case.ticket
    known = (
        story(house, ticket) if ticket and not (ticket["is_test"] or ticket["is_deleted"]) else None
    )
    before = None
    for at, status in known.statuses if known else ():
        if status not in OVER and before in OVER and at > told:
            moments.append(at)
        before = status
    moments += [
        other.detected
        for other in cases
        if (other.person, other.family) == (case.person, case.family) and other.detected > told
    ]
    return min((at for at in moments if at < told + case.days and at <= house.as_of), default=None)


def measured_again(house: House, case: Case, answers: list[Any]) -> tuple[datetime, float] | None:
    """Return the next score of the same question after the days of follow-up."""
    later = [
        (row["answered_at"], row["answer_id"], row["answer_value"])
        for row in answers
        if (row["instrument"], row["metric_role"], row["scale_min"], row["scale_max"])
        == (case.instrument, case.role, *case.scale)
        and case.detected + case.days <= row["answered_at"] <= house.as_of
    ]
    if case.trigger != "answer" or not later:
        return None
    at, _, value = min(later)
    return at, value


def cases(house: House) -> list[Case]:
    """Return every case of a person, with what became of it."""
    tickets = {row["ticket_id"]: row for row in house.contracts["tickets"]}
    told = [*scores(house, tickets), *reviews(house, tickets), *broken(house)]
    known = real(house)
    owed = [
        case
        for case in told
        if case.person in known
        and is_adult(house, case.person)
        and (AUDIENCES.get(case.audience) or {}).get("is_minor") != "true"
        and case.detected <= house.as_of
    ]
    found = list(ruled(owed))
    shown = Shown(house)
    by_person: dict[str, list[Row]] = defaultdict(list)
    for row, where, why in judged(house):
        if (
            why is None
            and row["confidentiality"] == "identified"
            and row["answered_at"]
            and where["person"]
        ):
            by_person[where["person"]].append(row)
    for case in found:
        for state, at in shown.of(case):
            case.shown.setdefault(state, []).append(at)
        hours = float(case.rule["due_business_hours"])
        case.due = moment_after(case.schedule, case.detected, 60 * hours)
        case.next = measured_again(house, case, by_person[case.person])
    for case in found:
        case.reopened = came_back(house, case, found)
    return found


def loop(house: House) -> Iterator[Event]:
    """Yield what the follow-ups of persons are measured by."""
    for case in cases(house):
        told = case.first("told")
        end = told or min(case.detected + case.days, house.as_of)

        def counts(
            event: str,
            role: str,
            value: float,
            at: datetime,
            struck: bool = True,
            case: Case = case,
        ) -> Event:
            return Event(
                event=event,
                role=role,
                source=case.source,
                audience=case.audience,
                family=case.family,
                person=case.person,
                respondent=case.person,
                value=float(value),
                facts={"rule": case.rule["rule"], "cause": (case.ticket or {}).get("topic")},
                day=local_day(at),
                struck=struck,
            )

        yield counts("follow_up", "contacted", told is not None, case.detected)
        in_time = case.in_time(house.as_of)
        if in_time is not None:
            yield counts("follow_up", "in_time", in_time, case.detected)
        if told:
            yield counts("follow_up", "reopened", case.reopened is not None, told)
        minutes = (end - case.detected).total_seconds() / 60
        yield counts("clock", "follow_up_calendar", minutes, case.detected, told is not None)
        business = case.schedule.minutes(case.detected, end)
        if business is not None:
            yield counts("clock", "follow_up_business", business, case.detected, told is not None)
