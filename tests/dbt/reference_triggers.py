"""What opens a case, in plain Python (domain, section 5): scores, reviews, broken promises, rules."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference_events import INSTRUMENTS, TYPES, House, Row, registry
from reference_labels import said
from reference_schedules import SCHEDULES, Schedule, schedule_of
from reference_support import base, clocks, promise
from reference_surveys import judged
from reference_tickets import Story, counted, story

RULES = registry("case_rules")


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
