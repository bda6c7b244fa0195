"""Effort that was seen, from tickets, orders and steps, in plain Python (domain, sections 3 and 4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reference_events import TYPES, Event, House, Row, local_day, placed, registry
from reference_journeys import JOURNEYS, paths
from reference_schedules import Schedule, schedule_of
from reference_support import clocks, next_contacts, promise
from reference_tickets import OVER, Story, counted, story

WINDOW = timedelta(days=30)
THRESHOLD = {row["kind"]: float(row["threshold"]) for row in registry("friction_kinds")}
BEFORE = {
    (row["journey"], row["stage"]) for row in registry("journey_stages") if row["phase"] == "before"
}


@dataclass(frozen=True)
class Touchpoint:
    """A ticket or order at a stage, with the signs of effort on it: (kind, how much, since when)."""

    record: str
    key: str
    where: Row
    account: str | None
    type: str
    at: datetime
    signs: list[tuple[str, float, datetime | None]]
    turns: list[tuple[datetime, datetime]]

    @property
    def respondent(self) -> str:
        return self.where["person"] or self.account or self.key

    @property
    def stage(self) -> tuple[str, str]:
        return TYPES[self.type]["journey"], TYPES[self.type]["stage"]

    def frictions(self) -> Iterator[tuple[str, float, datetime | None]]:
        """Yield (kind, signal, since when) of what is above its threshold within the window."""
        for kind, threshold in THRESHOLD.items():
            found = [
                (much, at)
                for name, much, at in self.signs
                if name == kind and (at is None or at < self.at + WINDOW)
            ]
            signal = sum(much for much, _ in found)
            if signal > threshold:
                yield kind, signal, min((at for _, at in found if at), default=None)

    def minutes(self, since: datetime) -> float:
        """Return for how long the requester waited for us from a moment to the window's end."""
        ends = self.at + WINDOW
        waits = (min(end, ends) - max(begin, since) for begin, end in self.turns)
        return sum(max(wait.total_seconds(), 0.0) for wait in waits) / 60


def runs_out(schedule: Schedule, kind: str, begin: datetime, minutes: float) -> datetime:
    """Return the moment at which so many minutes have passed on the clock of a promise."""
    if kind == "calendar":
        return begin + timedelta(minutes=minutes)
    day, left = begin.date() - timedelta(days=1), timedelta(minutes=minutes)
    while True:
        for opens, closes in sorted(schedule.openings(day)):
            opens = max(opens, begin)
            if closes > opens and closes - opens >= left:
                return opens + left
            left -= max(closes - opens, timedelta())
        day += timedelta(days=1)


def transfers(told: Story) -> Iterator[datetime]:
    """Yield when an assignee or a team was replaced by another."""
    for kind in ("assignment", "group"):
        held = None
        for row in told.happened:
            if row["event_type"] == kind and row["value"]:
                held = held or row["previous_value"]
                if held not in (None, row["value"]):
                    yield row["occurred_at"]
                held = row["value"]


def reopenings(told: Story) -> Iterator[datetime]:
    """Yield when a ticket left solved or closed."""
    before = None
    for at, status in told.statuses:
        if before in OVER and status not in OVER:
            yield at
        before = status


def broken_promises(told: Story, schedule: Schedule) -> Iterator[datetime]:
    """Yield when a promise ran out on somebody who waited: not before the ticket is open again."""
    for clock, begin, end, _ in clocks(told):
        target = promise(told.ticket, clock, told.was("priority", "priority", begin), begin)
        if not target or not target["target_minutes"]:
            continue
        kind, promised = target["minutes_kind"], float(target["target_minutes"])
        calendar = (end - begin).total_seconds() / 60
        passed = calendar if kind == "calendar" else schedule.minutes(begin, end)
        if passed is not None and passed > promised:
            out = runs_out(schedule, kind, begin, promised)
            stretches = [(opened, ended or told.as_of) for opened, ended in told.open_stretches()]
            lasts = [max(opened, out) for opened, ended in stretches if out < ended]
            yield min(lasts, default=out)


def signs(told: Story, schedule: Schedule) -> list[tuple[str, float, datetime | None]]:
    """Return what a ticket's own story shows."""
    found = {
        "transfer": transfers(told),
        "reopen": reopenings(told),
        "over_target": broken_promises(told, schedule),
    }
    return [(kind, 1.0, at) for kind, moments in found.items() for at in moments]


def of_cases(house: House) -> dict[str, list[tuple[str, float, datetime | None]]]:
    """Return what a ticket shows beside the person's earlier ones of its case."""
    found = {}
    for rows in next_contacts(house)[1]:
        channel = None
        for number, row in enumerate(rows):
            has_switched = None not in (channel, row["channel"]) and channel != row["channel"]
            found[row["ticket_id"]] = [
                ("repeat_contact", float(number), row["created_at"]),
                ("channel_switch", float(has_switched), row["created_at"]),
            ]
            channel = row["channel"] or channel
    return found


def touchpoints(house: House) -> Iterator[Touchpoint]:
    """Yield the tickets that tell their story and the orders that came about, at a stage."""
    beside = of_cases(house)
    for row in counted(house):
        told, kind = story(house, row), row["touchpoint_type"] or ""
        if told and TYPES.get(kind, {}).get("stage"):
            at, family = row["created_at"], TYPES[kind]["family"]
            yield Touchpoint(
                "ticket",
                row["ticket_id"],
                placed(house, row, row["account_id"], family, at, row["audience"]),
                row["account_id"],
                kind,
                at,
                [*beside.get(row["ticket_id"], []), *signs(told, schedule_of(kind))],
                [(begin, end or told.as_of) for begin, end, _, _ in told.turns()],
            )
    for row in house.contracts["orders"]:
        kind = row["order_kind"] or ""
        if row["status"] in ("paid", "refunded") and TYPES.get(kind, {}).get("stage"):
            at, family = row["ordered_at"], TYPES[kind]["family"]
            yield Touchpoint(
                "order",
                row["order_id"],
                placed(house, row, row["account_id"], family, at, row["audience"]),
                row["account_id"],
                kind,
                at,
                [("return", 1.0, None)] if row["status"] == "refunded" else [],
                [],
            )


def friction(house: House) -> Iterator[Event]:
    """Yield whether there was effort at a touchpoint, and the minutes since it began."""
    for one in touchpoints(house):
        begun = [(kind, since) for kind, _, since in one.frictions()]
        journey, stage = one.stage
        event = Event(
            event="touchpoint",
            role="stage_friction",
            respondent=one.respondent,
            value=float(bool(begun)),
            facts={"journey": journey, "stage": stage},
            day=local_day(one.at),
            **one.where,
        )
        yield event
        if one.record == "ticket":
            first = min((since for _, since in begun if since), default=None)
            lost = one.minutes(first) if first else 0.0
            yield Event(**{**vars(event), "role": "stage_minutes", "value": lost})


@dataclass(frozen=True)
class Step:
    """A first entry into a stage before the transaction that a source tells of."""

    walker: str
    where: Row
    stage: tuple[str, str]
    at: datetime
    has_moved_on: bool
    is_given_up: bool
    is_open: bool


def steps(house: House) -> Iterator[Step]:
    """Yield who entered a stage before the transaction, and whether they gave up there."""
    walked = paths(house)
    furthest: dict[str, int] = {}
    for path in walked:
        for stay in path:
            furthest[stay.seen.journey] = max(furthest.get(stay.seen.journey, 0), stay.seen.place)
    for path in walked:
        entered: set[str] = set()
        for number, stay in enumerate(path):
            here = stay.seen
            if here.stage in entered or here.place >= furthest[here.journey]:
                continue
            entered.add(here.stage)
            if not here.key.startswith("1 ") or (here.journey, here.stage) not in BEFORE:
                continue
            ends = here.at + timedelta(days=int(JOURNEYS[here.journey]["window_days"]))
            moved = any(
                later.seen.place > here.place and later.seen.at < ends for later in path[number:]
            )
            is_open = ends > house.as_of
            yield Step(
                here.walker,
                here.where,
                (here.journey, here.stage),
                here.at,
                moved,
                not is_open and not moved and stay.how is None,
                is_open,
            )


def quarter(moment: datetime) -> date:
    """Return the first day of the organisation's quarter in which a moment lies."""
    day = local_day(moment) or date.min
    return date(day.year, day.month - (day.month - 1) % 3, 1)
