"""From input contracts to what a metric counts, in plain Python (domain, sections 2 and 4)."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import reference

Row = dict[str, Any]
SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
ZONE = ZoneInfo("Europe/Berlin")
EVER = datetime.min, datetime.max


def registry(name: str) -> list[Row]:
    """Return the rows of a seed, empty cells as None."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8") as lines:
        return [{k: v or None for k, v in row.items()} for row in csv.DictReader(lines)]


AUDIENCES = {row["audience"]: row for row in registry("audiences")}
METRICS = registry("metrics")
INSTRUMENTS = {row["instrument"]: row for row in registry("instruments")}
TYPES = {row["touchpoint_type"]: row for row in registry("touchpoint_types")}
HOLIDAYS = {date.fromisoformat(row["holiday_date"]) for row in registry("holidays")}


def local(moment: datetime) -> datetime:
    """Return a naive UTC moment as the organisation's wall clock shows it."""
    return moment.replace(tzinfo=UTC).astimezone(ZONE).replace(tzinfo=None)


def local_day(moment: datetime | None) -> date | None:
    return local(moment).date() if moment else None


@dataclass(frozen=True)
class Event:
    """Something a metric may count; `respondent` is who is counted once."""

    event: str
    role: str
    source: str
    audience: str
    family: str | None
    person: str | None
    respondent: str
    value: float
    facts: dict[str, str | None]
    day: date | None = None
    weight: float | None = None
    scale: tuple[float | None, float | None] = (None, None)
    question: str = ""
    kind: str = "triggered"
    is_protected: bool = False
    wave: tuple[date | None, date | None] = (None, None)
    snapshot: date | None = None
    struck: bool = True
    exposure: float = 1.0
    period: tuple[str, date, date] | None = None
    """Of a standing: the one period it is about; `sources` are those that say so."""
    sources: frozenset[str] = frozenset()


@dataclass
class House:
    """The contracts of a warehouse, with who is who and the run's clock."""

    contracts: dict[str, list[Row]]
    persons: dict[str, str]
    countries: dict[str, str]
    as_of: datetime
    members: dict[str, list[tuple[str, datetime, datetime]]] = field(default_factory=dict)
    stories: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        members: dict[str, list[tuple[str, datetime, datetime]]] = defaultdict(list)
        for row in self.contracts["membership_evidence"]:
            person = self.persons.get(row["account_id"])
            if person and row["snapshot_date"] is None:
                stretch = (row["valid_from"] or EVER[0], row["valid_to"] or EVER[1])
                members[person].append((row["audience"], *stretch))
        stories: dict[str, list[Row]] = defaultdict(list)
        for row in self.contracts["ticket_events"]:
            stories[row["ticket_id"]].append(row)
        self.members, self.stories = dict(members), dict(stories)

    def person(self, account: str | None) -> str | None:
        return self.persons.get(account) if account else None

    def lived_as(self, person: str | None, family: str | None, moment: datetime | None) -> str:
        """Return the deepest audience of that family with a membership at that moment."""
        fitting = [
            audience
            for audience, begins, ends in self.members.get(person or "", ())
            if AUDIENCES[audience]["family"] == family
            and ((begins, ends) == EVER if moment is None else begins <= moment < ends)
        ]
        return min(
            fitting, key=lambda a: (-depth(a), int(AUDIENCES[a]["rank"])), default="unassigned"
        )

    def department(self, person: str | None, opened: date | None) -> str | None:
        """Return the unit of that day as it was known on that day."""
        if opened is None or person is None:
            return None
        known = [
            row
            for row in self.contracts["employments"]
            if self.person(row["account_id"]) == person
            and row["snapshot_date"] is None
            and row["valid_from"] <= opened < (row["valid_to"] or date.max)
            and (local_day(row["known_from"]) or date.min) <= opened
            and opened < (local_day(row["known_to"]) or date.max)
        ]
        latest = max(known, key=lambda row: (row["valid_from"], row["employment_id"]), default=None)
        return latest["department"] if latest else None


def depth(audience: str) -> int:
    parent = AUDIENCES[audience]["parent"]
    return 1 + depth(parent) if parent else 0


def asked_alone(instrument: str | None) -> str | None:
    """Return the one audience for which an anonymous instrument is made."""
    if (INSTRUMENTS.get(instrument or "") or {}).get("confidentiality") != "anonymous":
        return None
    asked = [key for key, row in AUDIENCES.items() if row["instrument"] == instrument]
    return asked[0] if len(asked) == 1 else None


def declared(row: Row) -> dict[str, str | None]:
    """Return the facts a record itself declares."""
    return json.loads(row.get("attributes") or "{}")


def placed(
    house: House, row: Row, account: str | None, family: str | None, at: Any, named: str | None
) -> Row:
    """Return who lived it and as which audience: the named one, else the membership's."""
    person = house.person(account)
    return {
        "source": row["source"],
        "person": person,
        "audience": named or house.lived_as(person, family, at),
        "family": AUDIENCES[named]["family"] if named in AUDIENCES else family,
    }


def answers(house: House) -> Iterator[Event]:
    for row in house.contracts["survey_answers"]:
        low, high = row["scale_min"], row["scale_max"]
        if row["response_status"] != "complete" or None in (row["answer_value"], low, high):
            continue
        if not low <= row["answer_value"] <= high:
            continue
        instrument = INSTRUMENTS.get(row["instrument"] or "", {})
        account = None if row["confidentiality"] == "anonymous" else row["account_id"]
        named = row["audience"] or asked_alone(row["instrument"])
        where = placed(house, row, account, instrument.get("family"), row["answered_at"], named)
        person = where["person"]
        yield Event(
            event="answer",
            role=row["metric_role"],
            respondent=person or account or f"response:{row['response_id']}",
            value=row["answer_value"],
            facts={
                "instrument": row["instrument"],
                "department": house.department(person, row["wave_opened_on"]),
                "country": house.countries.get(person or ""),
                **declared(row),
            },
            day=local_day(row["answered_at"]),
            weight=row["weight"],
            scale=(low, high),
            question=f"{row['instrument']}:{row['question_id']}",
            kind=instrument.get("feedback_kind") or "triggered",
            is_protected=row["confidentiality"] != "identified",
            wave=(row["wave_opened_on"], row["wave_closed_on"]),
            snapshot=row["snapshot_date"],
            **where,
        )


def invitations(house: House) -> Iterator[Event]:
    for row in house.contracts["survey_invitations"]:
        if row["status"] in (None, "bounced"):
            continue
        instrument = INSTRUMENTS.get(row["instrument"] or "", {})
        confidentiality = instrument.get("confidentiality") or "confidential"
        account = None if confidentiality == "anonymous" else row["account_id"]
        named = asked_alone(row["instrument"])
        where = placed(house, row, account, instrument.get("family"), row["sent_at"], named)
        yield Event(
            event="invitation",
            role="invitation",
            respondent=where["person"] or account or f"invitation:{row['invitation_id']}",
            value=float(row["status"] == "completed"),
            facts={"instrument": row["instrument"]},
            day=local_day(row["sent_at"]),
            is_protected=confidentiality != "identified",
            wave=(row["wave_opened_on"], row["wave_closed_on"]),
            **where,
        )


def clock(house: House, ticket: Row) -> Iterator[tuple[str, datetime, bool]]:
    """Yield (clock, when it stopped, whether it struck) of a ticket that tells its story."""
    story = house.stories.get(ticket["ticket_id"])
    if not story:
        return
    since = [e for e in story if e["occurred_at"] >= ticket["created_at"]]
    replies = [
        e["occurred_at"]
        for e in since
        if e["event_type"] == "comment"
        and e["is_public"]
        and e["actor_role"] == "agent"
        and e["actor_account_id"] != ticket["account_id"]
    ]
    changes = [(e["value"], e["occurred_at"]) for e in since if e["event_type"] == "status"]
    solutions = [at for value, at in changes if value == "solved"]
    if not solutions and ticket["solved_at"] and ticket["solved_at"] >= ticket["created_at"]:
        solutions = [ticket["solved_at"]]
    solved = max(solutions) if solutions and ticket["status"] in ("solved", "closed") else None
    closings = [at for value, at in changes if value == "closed"]
    over = max(closings) if closings and ticket["status"] == "closed" else house.as_of
    replied = min(replies, default=None)
    yield "first_response", replied or solved or over, replied is not None
    yield "resolution", solved or over, solved is not None


def tickets(house: House) -> Iterator[Event]:
    for row in house.contracts["tickets"]:
        if row["is_test"] or row["is_deleted"]:
            continue
        family = TYPES.get(row["touchpoint_type"] or "", {}).get("family")
        where = placed(house, row, row["account_id"], family, row["created_at"], row["audience"])
        ticket = Event(
            event="ticket",
            role="",
            respondent=where["person"] or row["account_id"] or row["ticket_id"],
            value=0.0,
            facts={"channel": row["channel"], "priority": row["priority"], **declared(row)},
            day=local_day(row["created_at"]),
            snapshot=row["snapshot_date"],
            **where,
        )
        if row["is_timely"] is not None:
            yield replace(ticket, role="timely", value=float(row["is_timely"]))
        if row["forwarded_at"] is not None:
            days = (row["forwarded_at"] - row["created_at"]).total_seconds() / 86400
            yield replace(ticket, role="forwarded", value=days)
        for name, stopped, struck in clock(house, row):
            minutes = (stopped - row["created_at"]).total_seconds() / 60
            business = reference.business_minutes(
                local(row["created_at"]), local(stopped), HOLIDAYS
            )
            timed = replace(ticket, event="clock", struck=struck)
            yield replace(timed, role=f"{name}_calendar", value=minutes)
            yield replace(timed, role=f"{name}_business", value=business)


def orders(house: House) -> Iterator[Event]:
    for row in house.contracts["orders"]:
        if row["status"] != "paid":
            continue
        family = TYPES.get(row["order_kind"] or "", {}).get("family")
        where = placed(house, row, row["account_id"], family, row["ordered_at"], row["audience"])
        yield Event(
            event="order",
            role=row["order_kind"],
            respondent=where["person"] or row["account_id"] or row["order_id"],
            value=1.0,
            facts=declared(row),
            day=local_day(row["ordered_at"]),
            **where,
        )


def snapshots(house: House) -> Iterator[Event]:
    for contract, role, key in (
        ("membership_evidence", "membership", "evidence_id"),
        ("employments", "employment", "employment_id"),
    ):
        for row in house.contracts[contract]:
            if row["snapshot_date"] is None or row["is_ended"] is None:
                continue
            audience = row.get("audience") or "employee"
            yield Event(
                event="snapshot",
                role=role,
                source=row["source"],
                audience=audience,
                family=AUDIENCES[audience]["family"],
                person=house.person(row["account_id"]),
                respondent=house.person(row["account_id"]) or row["account_id"] or row[key],
                value=float(row["is_ended"]),
                facts={"department": row.get("department"), **declared(row)},
                snapshot=row["snapshot_date"],
            )


def events(house: House) -> list[Event]:
    """Return everything that happened, as the one audience it was lived."""
    from reference_labels import labels, stars

    found: list[Event] = []
    for kind in (answers, invitations, tickets, orders, snapshots, labels, stars):
        found.extend(kind(house))
    return found
