"""What support is measured by, from the tickets and their events, in plain Python (domain, 4)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from reference_events import TYPES, ZONE, Event, House, Row, declared, local_day, placed, registry
from reference_periods import calendar
from reference_schedules import BY_TYPE, Schedule, schedule_of
from reference_standings import kinds_of

WEEK = timedelta(days=7)
TARGETS = registry("sla_targets")
OVER = ("solved", "closed")


@dataclass
class Story:
    """A ticket that tells its story: what happened at or after its creation, in order."""

    ticket: Row
    happened: list[Row]
    as_of: datetime

    def said(self, row: Row) -> str | None:
        """Return whether a comment is our reply or a request of their side."""
        if row["event_type"] != "comment" or not row["is_public"]:
            return None
        asks = row["actor_account_id"] is not None and (
            row["actor_account_id"] == self.ticket["account_id"]
        )
        if row["actor_role"] == "end_user" or asks:
            return "request"
        return "reply" if row["actor_role"] == "agent" else None

    @cached_property
    def is_over(self) -> bool:
        return self.ticket["status"] in OVER

    @cached_property
    def replies(self) -> list[datetime]:
        return [row["occurred_at"] for row in self.happened if self.said(row) == "reply"]

    @cached_property
    def statuses(self) -> list[tuple[datetime, str]]:
        """Return the status at each instant at which one was set, the last of an instant."""
        told: dict[datetime, str] = {}
        solved = [
            row for row in self.happened
            if row["event_type"] == "status" and row["value"] == "solved"
        ]  # fmt: skip
        if not solved and self.is_over and self.ticket["solved_at"]:
            if self.ticket["solved_at"] >= self.ticket["created_at"]:
                told[self.ticket["solved_at"]] = "solved"
        for row in self.happened:
            if row["event_type"] == "status" and row["value"]:
                told[row["occurred_at"]] = row["value"]
        return sorted(told.items())

    @cached_property
    def solutions(self) -> list[datetime]:
        """Return when it was solved, each time that somebody said so."""
        events = [
            row["occurred_at"]
            for row in self.happened
            if row["event_type"] == "status" and row["value"] == "solved"
        ]
        return sorted(events) or [at for at, status in self.statuses if status == "solved"]

    @cached_property
    def last_solved(self) -> datetime | None:
        return self.solutions[-1] if self.solutions and self.is_over else None

    @cached_property
    def first_solved(self) -> datetime | None:
        return self.solutions[0] if self.solutions else None

    @cached_property
    def end(self) -> datetime:
        """Return until when what has not come is known not to have come."""
        closings = [at for at, value in self.set_to("closed")] if self.is_over else []
        if self.last_solved:
            return self.last_solved
        is_closed = self.ticket["status"] == "closed"
        return max(closings) if closings and is_closed else self.as_of

    def set_to(self, value: str) -> list[tuple[datetime, str]]:
        return [
            (row["occurred_at"], row["value"])
            for row in self.happened
            if row["event_type"] == "status" and row["value"] == value
        ]

    def turns(self) -> Iterator[tuple[datetime, datetime | None, str, bool]]:
        """Yield (begin, end, what began it, whether a reply ended it) of each turn of ours."""
        status = dict(self.statuses)
        instants = {self.ticket["created_at"], *status}
        said: dict[datetime, set[str]] = defaultdict(set)
        for row in self.happened:
            kind = self.said(row)
            if kind:
                said[row["occurred_at"]].add(kind)
        begun: tuple[datetime, str] | None = None
        current = "new"
        for at in sorted(instants | set(said)):
            before, current = current, status.get(at, current)
            is_stop = at in status and current in ("pending", *OVER)
            came_back = at in status and not is_stop and before in ("pending", *OVER)
            if "reply" in said[at] or is_stop:
                if begun:
                    yield begun[0], at, begun[1], "reply" in said[at]
                begun = None
            elif not begun:
                if at == self.ticket["created_at"]:
                    begun = at, "creation"
                elif "request" in said[at]:
                    begun = at, "request"
                elif came_back:
                    begun = at, "return"
        if begun:
            yield begun[0], None, begun[1], False

    def open_stretches(self) -> list[tuple[datetime, datetime | None]]:
        """Return when it was open, half-open; nothing where nobody knows when it was over."""
        found: list[tuple[datetime, datetime | None]] = []
        since: datetime | None = self.ticket["created_at"]
        for at, status in self.statuses:
            if status in OVER and since is not None:
                found += [(since, at)] if at > since else []
                since = None
            elif status not in OVER and since is None:
                since = at
        return [*found, (since, None)] if since and not self.is_over else found

    def was(self, event_type: str, column: str, moment: datetime) -> str | None:
        """Return what an attribute of the ticket was at a moment."""
        changes = sorted(
            (row for row in self.happened if row["event_type"] == event_type),
            key=lambda row: (row["occurred_at"], row["ticket_event_id"]),
        )
        known = [row["value"] for row in changes if row["occurred_at"] <= moment]
        if known:
            return known[-1]
        return changes[0]["previous_value"] if changes else self.ticket[column]

    def transfers(self) -> int:
        """Return how often an assignee or a team was replaced by another."""
        total = 0
        for kind in ("assignment", "group"):
            held = None
            for row in self.happened:
                if row["event_type"] == kind and row["value"]:
                    held = held or row["previous_value"]
                    total += held not in (None, row["value"])
                    held = row["value"]
        return total

    def is_assigned(self) -> bool:
        named = (
            row["value"] for row in self.happened if row["event_type"] in ("assignment", "group")
        )
        return any(named) or bool(self.ticket["assignee_account_id"] or self.ticket["team"])

    def reopened_within_a_week(self) -> bool:
        before, first = None, self.first_solved
        for at, status in self.statuses:
            if status not in OVER and before in OVER and first and at > first:
                return at <= first + WEEK
            before = status
        return False


def counted(house: House) -> list[Row]:
    return [r for r in house.contracts["tickets"] if not (r["is_test"] or r["is_deleted"])]


def story(house: House, ticket: Row) -> Story | None:
    """Return the story of a ticket, None where its source tells none."""
    told = house.stories.get(ticket["ticket_id"])
    if not told:
        return None
    since = [row for row in told if row["occurred_at"] >= ticket["created_at"]]
    in_order = sorted(since, key=lambda row: (row["occurred_at"], row["ticket_event_id"]))
    return Story(ticket, in_order, house.as_of)


def base(house: House, row: Row) -> Event:
    """Return the ticket as an event, its value and role still to be said."""
    family = TYPES.get(row["touchpoint_type"] or "", {}).get("family")
    where = placed(house, row, row["account_id"], family, row["created_at"], row["audience"])
    return Event(
        event="ticket",
        role="",
        respondent=where["person"] or row["account_id"] or row["ticket_id"],
        value=0.0,
        facts={},
        day=local_day(row["created_at"]),
        **where,
    )


def next_contacts(house: House) -> tuple[dict[str, datetime], list[list[Row]]]:
    """Return when the person of a ticket wrote again on its topic, and the cases."""
    matters: dict[tuple[str, str | None, str | None], list[Row]] = defaultdict(list)
    for row in counted(house):
        event = base(house, row)
        if event.person:
            matters[event.person, event.family, row["topic"]].append(row)
    following: dict[str, datetime] = {}
    cases: list[list[Row]] = []
    for rows in matters.values():
        rows.sort(key=lambda row: (row["created_at"], row["ticket_id"]))
        for n, row in enumerate(rows):
            if n and row["created_at"] - rows[n - 1]["created_at"] <= WEEK:
                cases[-1].append(row)
            else:
                cases.append([row])
            if n:
                following[rows[n - 1]["ticket_id"]] = row["created_at"]
    return following, cases


def facts(row: Row, priority: str | None, **more: str) -> dict[str, str | None]:
    return {"channel": row["channel"], "priority": priority, **more, **declared(row)}


def clocks(told: Story) -> Iterator[tuple[str, datetime, datetime, bool]]:
    """Yield (clock, begin, end, whether it struck) beside the clocks of reference_events."""
    created, first = told.ticket["created_at"], told.first_solved
    yield "first_resolution", created, first or told.end, first is not None
    replied = min(told.replies, default=None)
    for begin, end, began_by, is_answered in told.turns():
        if began_by == "request" and replied and begin >= replied:
            yield "next_reply", begin, end or told.as_of, is_answered


def waits(event: Event, told: Story, schedule: Schedule) -> Iterator[Event]:
    row = told.ticket
    for name, begin, end, struck in clocks(told):
        timed = replace(
            event,
            event="clock",
            day=local_day(begin),
            struck=struck,
            facts=facts(row, told.was("priority", "priority", begin)),
        )
        yield from both(timed, name, (end - begin).total_seconds() / 60, schedule.minutes(begin, end))
    stretches = [(begin, end or told.as_of) for begin, end, _, _ in told.turns()]
    business = [schedule.minutes(*stretch) for stretch in stretches]
    waited = replace(
        event,
        event="clock",
        struck=told.is_over,
        facts=facts(row, told.was("priority", "priority", row["created_at"])),
    )
    yield from both(
        waited,
        "requester_wait",
        sum((end - begin).total_seconds() / 60 for begin, end in stretches),
        None if None in business else sum(minutes or 0.0 for minutes in business),
    )


def both(event: Event, name: str, calendar_minutes: float, business: float | None) -> Iterator[Event]:
    yield replace(event, role=f"{name}_calendar", value=calendar_minutes)
    if business is not None:
        yield replace(event, role=f"{name}_business", value=business)


def promise(row: Row, clock: str, priority: str | None, begin: datetime) -> Row | None:
    """Return the target that holds for a clock: the one that says most, then the youngest."""
    fitting = [
        target
        for target in TARGETS
        if target["clock"] == clock
        and target["touchpoint_type"] in (None, row["touchpoint_type"])
        and target["priority"] in (None, priority)
        and target["valid_from"] <= str(local_day(begin))
    ]
    return max(
        fitting,
        key=lambda t: (
            2 * bool(t["touchpoint_type"]) + bool(t["priority"]),
            t["valid_from"],
        ),
        default=None,
    )


def targets(event: Event, told: Story, schedule: Schedule) -> Iterator[Event]:
    row, created = told.ticket, told.ticket["created_at"]
    replied = min(told.replies, default=None)
    timed = [
        ("first_response", created, replied or told.end, replied is not None),
        ("resolution", created, told.end, told.last_solved is not None),
        *clocks(told),
    ]
    for clock, begin, end, struck in timed:
        priority = told.was("priority", "priority", begin)
        target = promise(row, clock, priority, begin)
        if not target or not target["target_minutes"]:
            continue
        passed: float | None = (end - begin).total_seconds() / 60
        if target["minutes_kind"] == "business":
            passed = schedule.minutes(begin, end)
        if passed is None:
            continue
        is_late = passed > float(target["target_minutes"])
        if struck or is_late:
            yield replace(
                event,
                role="target",
                value=float(not is_late),
                day=local_day(begin),
                facts=facts(row, priority, clock=clock),
            )


def handling(
    event: Event, told: Story, schedule: Schedule, following: dict[str, datetime]
) -> Iterator[Event]:
    row, first, last = told.ticket, told.first_solved, told.last_solved
    created = row["created_at"]
    event = replace(event, facts=facts(row, told.was("priority", "priority", created)))

    def so(role: str, value: float, at: datetime) -> Event:
        return replace(event, role=role, value=float(value), day=local_day(at))

    if created >= schedule.begins:
        yield so("out_of_hours", not schedule.is_open(created), created)
    if row["is_merged"]:
        return
    answered = any(at <= created + WEEK for at in told.replies)
    yield so("unanswered", not answered, created)
    if last:
        yield so("one_touch", len(told.replies) == 1, last)
        yield so("touches", len(told.replies), last)
        if told.is_assigned():
            yield so("transferred", told.transfers() > 0, last)
    if first:
        came_back = told.reopened_within_a_week()
        yield so("reopened", came_back, first)
        if event.person:
            again = following.get(row["ticket_id"], datetime.max) <= first + WEEK
            yield so("first_contact", not came_back and not again, first)


def cases(house: House, found: list[list[Row]]) -> Iterator[Event]:
    for rows in found:
        event = replace(base(house, rows[0]), event="case", facts={"channel": rows[0]["channel"]})
        yield replace(event, role="contacts", value=float(len(rows)))
        channels = {row["channel"] for row in rows} - {None}
        if channels:
            yield replace(event, role="switched", value=float(len(channels) > 1))


def sessions(house: House) -> Iterator[Event]:
    wrote: dict[str, list[datetime]] = defaultdict(list)
    for row in counted(house):
        person = house.person(row["account_id"])
        if person:
            wrote[person].append(row["created_at"])
    for row in house.contracts["touchpoints"]:
        about = BY_TYPE.get(row["touchpoint_type"] or "") or {}
        if about.get("is_self_service") != "true":
            continue
        family = TYPES[row["touchpoint_type"]]["family"]
        where = placed(house, row, row["account_id"], family, row["occurred_at"], None)
        if where["person"]:
            at = row["occurred_at"]
            yield Event(
                event="session",
                role="self_service",
                respondent=where["person"],
                value=float(not any(at <= w <= at + WEEK for w in wrote[where["person"]])),
                facts={},
                day=local_day(at),
                **where,
            )


def support(house: House) -> Iterator[Event]:
    """Yield everything that support is measured by."""
    following, found = next_contacts(house)
    yield from cases(house, found)
    yield from sessions(house)
    for row in counted(house):
        told = story(house, row)
        if told:
            event, schedule = base(house, row), schedule_of(row["touchpoint_type"])
            yield from waits(event, told, schedule)
            yield from targets(event, told, schedule)
            yield from handling(event, told, schedule, following)
