"""What may not be shown, in plain Python: small cells and what would give them away (domain, 7)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from reference_cells import METRIC, Cell, coded, has_total
from reference_events import AUDIENCES, Event, Row
from reference_periods import after, first_of

ANSWERS = {"answer", "stars", "label", "invitation"}
DAY = timedelta(days=1)


def minimum(cell: Cell) -> int:
    """Return how many people there must be: more where they are minors or wrote in their words."""
    row = AUDIENCES.get(cell.audience) or {}
    is_written = METRIC[cell.metric]["event"] == "label"
    least = 10 if row.get("is_minor") == "true" or is_written else 5
    return max(least, int(row.get("minimum_group") or 5))


def is_answer(cell: Cell) -> bool:
    return METRIC[cell.metric]["event"] in ANSWERS


def enough(cell: Cell) -> int:
    """Return how many people tell nothing of one another, whatever they answered."""
    return max(minimum(cell), 10) if is_answer(cell) else minimum(cell)


def is_too_few(cell: Cell, people: set[str], events: list[Event]) -> bool:
    """Return whether a group is small, or fewer than ten who all answered alike."""
    answers = {coded(METRIC[cell.metric], event.value) for event in events}
    is_uniform = is_answer(cell) and len(answers) == 1
    return len(people) < minimum(cell) or (is_uniform and len(people) < 10)


def adds_up(cell: Cell) -> bool:
    """Return whether a quarter is made of its months, as it is not of how people stood."""
    metric = METRIC[cell.metric]
    return metric["kind"] != "distinct" or metric["statistic"] == "ratio"


def stands_alone(cell: Cell) -> bool:
    """Return whether a cut is one line, of which no total is shown by another cut."""
    metric = METRIC[cell.metric]
    is_apart = cell.cut.startswith("feedback=") or not has_total(metric)
    return is_apart or metric["segments"] == "all"


def months(start: date, end: date) -> Iterator[date]:
    """Yield the first days of the months that a period touches."""
    month = first_of("month", start)
    while month < end:
        yield month
        month = first_of("month", month + timedelta(days=31))


def block(cell: Cell, kind: str) -> Cell:
    """Return the cut and the quarter or week to which a month or day belongs."""
    return cell._replace(segment=None, period_start=first_of(kind, cell.period_start))


def has_rest(metric: Row) -> bool:
    """Return whether the segments of a metric add up to its total, with a closed interval."""
    is_of_moment = metric["kind"] == "distinct" and metric["statistic"] != "ratio"
    return (
        metric["role"] != "turnover_cost"
        and metric["segments"].startswith("all|")
        and metric["interval_method"] != "cluster_bootstrap"
        and (metric["kind"] == "additive" or is_of_moment)
    )


class Suppression:
    """The cells of a house, who answered in them and what."""

    def __init__(self, people: dict[Cell, set[str]], members: dict[Cell, list[Event]]) -> None:
        self.people, self.members = people, members
        self.of_months: dict[Cell, list[list[Event]]] = defaultdict(list)
        for cell, events in members.items():
            if cell.period_kind == "month":
                self.of_months[cell._replace(segment=None)].append(events)
        self.small = {c for c, who in people.items() if is_too_few(c, who, members[c])}

    def hidden(self) -> set[Cell]:
        hidden = self.small | {cell for cell in self.people if cell.segment is None}
        for line in self.lines(lambda cell: cell._replace(segment=None)).values():
            hidden |= self.siblings(line)
        hidden |= self.neighbours("month", "quarter") | self.neighbours("day", "week")
        for cell in [c for c in hidden if c.period_kind == "quarter" and adds_up(c)]:
            start = date(cell.period_start.year, 1, 1)
            hidden.add(cell._replace(period_kind="year", period_start=start))
        return hidden | self.windows(hidden) | self.mixed() | self.costs(hidden)

    def costs(self, hidden: set[Cell]) -> set[Cell]:
        """Return the costs of leavers where turnover is hidden, and their total beside it."""
        away = {c for c in hidden if c.metric == "turnover"}
        beside = {cell[:1] + cell[2:4] for cell in away}
        return {
            cell
            for cell in self.people
            if cell.metric == "turnover_cost"
            and (
                cell._replace(metric="turnover") in away
                or (cell.segment == "all" and cell[:1] + cell[2:4] in beside)
            )
        }

    def lines(self, key) -> dict[Cell, list[Cell]]:  # type: ignore[no-untyped-def]
        found: dict[Cell, list[Cell]] = defaultdict(list)
        for cell in self.people:
            found[key(cell)].append(cell)
        return found

    def siblings(self, line: list[Cell]) -> set[Cell]:
        """Return the segments to hide, smallest first, until those hidden are enough together."""
        is_single = "|" not in METRIC[line[0].metric]["segments"]
        if not set(line) & self.small or line[0].cut == "all" or is_single:
            return set()
        hidden: set[Cell] = set()
        together: set[str] = set()
        size = {c: (c.segment is not None, len(self.people[c]), c.segment or "") for c in line}
        for cell in sorted(line, key=lambda c: size[c]):
            if cell in self.small or cell.segment is None or len(together) < enough(cell):
                hidden.add(cell)
            together |= self.people[cell]
        return hidden

    def rests(self, hidden: set[Cell]) -> Iterator[tuple[Cell, list[Cell]]]:
        """Yield what the hidden segments of a line are together, beside those that are shown."""
        for key, line in self.lines(lambda cell: cell._replace(segment=None)).items():
            whole = key._replace(cut="all", segment="all")
            if not has_rest(METRIC[key.metric]) or key.cut == "all" or "=" in key.cut:
                continue
            away = [cell for cell in line if cell in hidden]
            is_beside = len(away) < len(line) and whole in self.people and whole not in hidden
            together = set().union(*(self.people[cell] for cell in away))
            if is_beside and set(line) & self.small and len(together) >= enough(key):
                yield key._replace(segment=f"{key.cut}=all others"), away

    def blanks(self, hidden: set[Cell]) -> Iterator[Cell]:
        """Yield the empty months and days that would give the hidden ones beside them away."""
        for kind, whole in (("month", "quarter"), ("day", "week")):
            lines = self.lines(lambda cell, whole=whole: block(cell, whole))
            for key, cells in lines.items():
                if key.period_kind != kind or key.cut == "all" or "=" in key.cut:
                    continue
                if not adds_up(key) or not set(cells) & hidden - {
                    c for c in cells if not c.segment
                }:
                    continue
                totals = lines.get(key._replace(cut="all"), [])
                for start in {total.period_start for total in totals if total not in hidden}:
                    for segment in {cell.segment for cell in cells if cell.segment}:
                        cell = key._replace(period_start=start, segment=segment)
                        if cell not in self.people:
                            yield cell

    def neighbours(self, kind: str, whole: str) -> set[Cell]:
        """Return the months of a quarter or days of a week that go with a small one."""
        hidden: set[Cell] = set()
        lines = self.lines(lambda cell: block(cell, whole)).values()
        for line in [[c for c in cells if c.period_kind == kind] for cells in lines]:
            if not set(line) & self.small or not adds_up(line[0]):
                continue
            if kind == "day" or not stands_alone(line[0]):
                hidden |= set(line)
                continue
            before = 0
            for cell in sorted(line, key=lambda c: (len(self.people[c]), c.period_start)):
                if before < enough(cell):
                    hidden.add(cell)
                before = len(self.people[cell])
        return hidden

    def windows(self, hidden: set[Cell]) -> set[Cell]:
        """Return the trailing windows that with the months around give something away."""
        found: set[Cell] = set()
        of_months: dict[Cell, list[Cell]] = defaultdict(list)
        for cell in self.people:
            if cell.period_kind == "month" and cell.segment is not None:
                of_months[cell._replace(segment=None)].append(cell)
        for cell in self.people:
            if cell.period_kind.startswith("trailing") and adds_up(cell):
                start, days = cell.period_start, int(cell.period_kind.removeprefix("trailing_"))
                end = start + days * DAY
                under = [
                    month
                    for first in months(start, end)
                    for month in of_months[
                        cell._replace(period_kind="month", period_start=first, segment=None)
                    ]
                ]
                is_quarter = first_of("quarter", start) == start and days == 90
                if is_quarter and first_of("quarter", end) == end:
                    continue
                is_over_hidden = (is_answer(cell) or start.day == 1) and any(
                    month in hidden for month in under
                )
                is_given = is_over_hidden or (
                    is_answer(cell) and start.day > 1 and self.begins_with_too_few(cell)
                )
                if is_given:
                    found.add(cell)
        return found

    def begins_with_too_few(self, window: Cell) -> bool:
        """Return whether a part of the month that a window cuts in two is too small to tell."""
        month = window._replace(
            period_kind="month", period_start=first_of("month", window.period_start)
        )
        for events in self.of_months[month._replace(segment=None)]:
            for is_before in (True, False):
                part = [e for e in events if (e.day < window.period_start) is is_before]
                who = {e.respondent for e in part}
                if part and is_too_few(window, who, part):
                    return True
        return False

    def mixed(self) -> set[Cell]:
        """Return what overlaps a quarter in which protected and identified answers are pooled."""
        pooled: dict[tuple[str, str, date], set[bool]] = defaultdict(set)
        for cell, events in self.members.items():
            if cell.period_kind == "quarter":
                key = cell.audience, cell.metric, cell.period_start
                pooled[key] |= {bool(event.is_protected) for event in events}
        return {
            cell
            for cell in self.people
            if cell.period_kind not in ("quarter", "wave", "snapshot")
            for day in months(cell.period_start, self.end(cell))
            if len(pooled[cell.audience, cell.metric, first_of("quarter", day)]) == 2
        }

    def end(self, cell: Cell) -> date:
        """Return the day after a period of the calendar."""
        if "_" in cell.period_kind:
            return cell.period_start + int(cell.period_kind.partition("_")[2]) * DAY
        return after(cell.period_kind, cell.period_start)
