"""Who is in which stage of a journey, who moves on and how long it takes, in plain Python."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from reference_events import TYPES, Event, House, Row, local_day, placed, registry

STAGES: dict[str, list[str]] = defaultdict(list)
for _row in sorted(registry("journey_stages"), key=lambda row: int(row["position"])):
    STAGES[_row["journey"]].append(_row["stage"])
EXPECTED = {
    (row["journey"], row["stage"]): (row["touchpoint_types"] or "").split(";")
    for row in registry("journey_stages")
}
JOURNEYS = {row["journey"]: row for row in registry("journeys")}


@dataclass(frozen=True)
class Seen:
    """Somebody shown in a stage: by a source that says so, or by an expected touchpoint."""

    key: str
    walker: str
    account: str | None
    subject: str
    journey: str
    stage: str
    at: datetime
    outcome: str | None
    decided: datetime | None
    where: Row

    @property
    def place(self) -> int:
        """The place of the stage in its journey, 0 first."""
        return STAGES[self.journey].index(self.stage)


@dataclass(frozen=True)
class Stay:
    """A stay in a stage: begun by what was seen, ended by the next stage or the decision."""

    seen: Seen
    until: datetime | None
    how: str | None


def told(house: House) -> Iterator[Seen]:
    """Yield what sources tell of stages."""
    for row in house.contracts["stage_events"]:
        journey, stage = row["journey"], row["stage"]
        if stage not in STAGES.get(journey, []):
            continue
        family = JOURNEYS[journey]["family"]
        where = placed(house, row, row["account_id"], family, row["entered_at"], row["audience"])
        walker = where["person"] or row["account_id"] or row["subject_id"]
        decided = row["decided_at"]
        yield Seen(
            key=f"1 {row['stage_event_id']}",
            walker=walker,
            account=row["account_id"],
            subject=row["subject_id"] or "",
            journey=journey,
            stage=stage,
            at=row["entered_at"],
            outcome=row["outcome"],
            decided=decided if decided and decided <= house.as_of else None,
            where=where,
        )


def lived(house: House) -> Iterator[tuple[str, str, Row, str | None, datetime]]:
    """Yield (kind, key, row, type, moment) of what people lived, a record of two kinds once."""
    known = set()
    for row in house.contracts["touchpoints"]:
        known.add((row["source"], row["source_record_id"], row["touchpoint_type"]))
        yield "touchpoint", row["touchpoint_id"], row, row["touchpoint_type"], row["occurred_at"]
    for row in house.contracts["orders"]:
        if row["status"] != "cancelled":
            yield "order", row["order_id"], row, row["order_kind"], row["ordered_at"]
    for row in house.contracts["tickets"]:
        record = row["source"], row["source_record_id"], row["touchpoint_type"]
        if not row["is_test"] and not row["is_deleted"] and record not in known:
            yield "ticket", row["ticket_id"], row, row["touchpoint_type"], row["created_at"]


def shown(house: House) -> Iterator[Seen]:
    """Yield the stages that touchpoints show, where they belong to one that expects them."""
    for kind, key, row, name, at in lived(house):
        known = TYPES.get(name or "", {})
        journey, stage = known.get("journey"), known.get("stage")
        if not journey or name not in EXPECTED[journey, stage]:
            continue
        family = known["family"]
        where = placed(house, row, row["account_id"], family, at, row.get("audience"))
        walker = where["person"] or row["account_id"]
        if walker:
            yield Seen(
                key=f"2 {kind}:{key}",
                walker=walker,
                account=row["account_id"],
                subject="",
                journey=journey,
                stage=stage,
                at=at,
                outcome=None,
                decided=None,
                where=where,
            )


def paths(house: House) -> list[list[Stay]]:
    """Return the stays of everybody, a list a walker, journey and subject, in their order."""
    found: dict[tuple[str, str, str], list[Seen]] = defaultdict(list)
    for seen in [*told(house), *shown(house)]:
        if seen.at <= house.as_of:
            found[seen.walker, seen.journey, seen.subject].append(seen)
    return [stays(seen) for seen in found.values()]


def stays(path: list[Seen]) -> list[Stay]:
    """Return the stays of one path: evidence of the stage one is in begins no other."""
    ordered = sorted(path, key=lambda s: (s.at, s.place, s.key))
    steps: list[Seen] = []
    for seen in ordered:
        if not steps or steps[-1].stage != seen.stage:
            steps.append(seen)
    outcome = max((s.outcome for s in path if s.outcome), default=None)
    decided = max((s.decided for s in path if s.decided), default=None)
    found = [
        Stay(here, there.at, "onward" if there.place > here.place else "back")
        for here, there in pairwise(steps)
    ]
    last = steps[-1]
    ends = decided if outcome and decided and decided >= last.at else None
    return [*found, Stay(last, ends, outcome)]


def journeys(house: House) -> Iterator[Event]:
    """Yield who moved on, who skipped, and how long everybody stayed in a stage."""
    walked = paths(house)
    furthest: dict[str, int] = defaultdict(int)
    for path in walked:
        for stay in path:
            name = stay.seen.journey
            furthest[name] = max(furthest[name], stay.seen.place)
    for path in walked:
        yield from moves(house, path, furthest)
        for stay in path:
            yield from waits(house, stay)


def event(stay: Stay, kind: str, role: str) -> Event:
    seen = stay.seen
    return Event(
        event=kind,
        role=role,
        respondent=seen.where["person"] or seen.account or seen.walker,
        value=0.0,
        facts={"journey": seen.journey, "stage": seen.stage},
        day=local_day(seen.at),
        **seen.where,
    )


def moves(house: House, path: list[Stay], furthest: dict[str, int]) -> Iterator[Event]:
    """Yield the first entry into each stage beyond which somebody was ever seen."""
    entered: set[str] = set()
    for number, stay in enumerate(path):
        here = stay.seen
        ends = here.at + timedelta(days=int(JOURNEYS[here.journey]["window_days"]))
        if here.stage in entered or here.place >= furthest[here.journey]:
            continue
        entered.add(here.stage)
        if ends > house.as_of:
            continue
        later = {
            s.seen.place
            for s in path[number + 1 :]
            if s.seen.place > here.place and s.seen.at < ends
        }
        skipped = bool(later) and here.place + 1 not in later
        yield replace(event(stay, "stage", "stage_conversion"), value=float(bool(later)))
        yield replace(event(stay, "stage", "stage_skip"), value=float(skipped))


def waits(house: House, stay: Stay) -> Iterator[Event]:
    """Yield a stay that a source dates, in a stage that leads somewhere."""
    here = stay.seen
    is_last = here.place == len(STAGES[here.journey]) - 1
    is_undated = stay.how is not None and stay.until is None
    if not here.key.startswith("1 ") or is_last or is_undated:
        return
    lasted = (stay.until or house.as_of) - here.at
    days = lasted.total_seconds() / 86400
    wait = event(stay, "clock", "stage_stay")
    yield replace(wait, value=days, struck=stay.until is not None)
