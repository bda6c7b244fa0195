"""What support is measured by, from the tickets and their events, in plain Python (domain, 4)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from reference_events import (
    METRICS,
    TYPES,
    Event,
    House,
    Row,
    declared,
    local_day,
    placed,
    registry,
)
from reference_lives import kinds_of
from reference_periods import calendar
from reference_schedules import BY_TYPE, ORGANISATION, Schedule, schedule_of
from reference_tickets import WEEK, Story, counted, story

TARGETS = registry("sla_targets")


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
    """Yield (clock, begin, end, whether it struck) of a ticket and of each later reply."""
    created, first = told.ticket["created_at"], told.first_solved
    replied = min(told.replies, default=None)
    yield "first_response", created, replied or told.end, replied is not None
    yield "first_resolution", created, first or told.end, first is not None
    yield "resolution", created, told.end, told.last_solved is not None
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
        yield from both(
            timed, name, (end - begin).total_seconds() / 60, schedule.minutes(begin, end)
        )
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


def both(
    event: Event, name: str, calendar_minutes: float, business: float | None
) -> Iterator[Event]:
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
    row = told.ticket
    for clock, begin, end, struck in clocks(told):
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


def backlog(house: House, _: list[Event], today: date) -> Iterator[Event]:
    """Yield how many tickets of each person were open at the end of each period they touched."""
    kinds = "|".join(kinds_of("backlog"))
    [families] = [row["families"].split("|") for row in METRICS if row["role"] == "backlog"]
    open_at_end: dict[tuple[str, str, tuple[str, date, date]], list[tuple[Event, bool]]] = (
        defaultdict(list)
    )
    for row in counted(house):
        told, event = story(house, row), base(house, row)
        if not told or event.family not in families:
            continue
        for period, is_open in periods_of(told.open_stretches(), kinds, house.as_of, today).items():
            open_at_end[event.audience, event.respondent, period].append((event, is_open))
    for (_, _, period), tickets in open_at_end.items():
        yield replace(
            tickets[0][0],
            event="standing",
            role="backlog",
            value=float(sum(is_open for _, is_open in tickets)),
            day=None,
            period=period,
            sources=frozenset(event.source for event, _ in tickets),
        )


def periods_of(
    stretches: list[tuple[datetime, datetime | None]], kinds: str, as_of: datetime, today: date
) -> dict[tuple[str, date, date], bool]:
    """Return the periods that stretches touch, and whether one lasts over the period's end."""
    found: dict[tuple[str, date, date], bool] = {}
    for begin, end in stretches:
        day = local_day(begin) or date.min
        last = local_day((end or as_of) - timedelta(microseconds=1)) or date.min
        while day <= last:
            for period in calendar(kinds, day, today):
                lasts = end is None or end > ORGANISATION.midnight(period[2])
                found[period] = found.get(period, False) or lasts
            day += timedelta(days=1)
    return found
