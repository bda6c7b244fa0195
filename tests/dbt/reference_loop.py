"""The closed loop in plain Python (domain, sections 5 and 7): who is owed what, and how it went."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from reference_events import AUDIENCES, Event, House, Row, local_day, registry
from reference_surveys import judged
from reference_tickets import OVER, Story, counted, story
from reference_triggers import Case, broken, moment_after, reviews, ruled, scores

SHOWS = {(row["record"], row["kind"]): row["state"] for row in registry("case_evidence")}
STATES = ("assigned", "acknowledged", "acted", "told")


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
