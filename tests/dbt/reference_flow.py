"""Who moved between audiences, a second time from memberships; and what may be told of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reference_events import AUDIENCES

NOWHERE = "nowhere"
EVER, NEVER = date.min, date.max
Stretch = tuple[str, str, date | None, date | None]
Cell = tuple[str, str]
People = frozenset[str]
WORKFORCE = {row["audience"] for row in AUDIENCES.values() if row["family"] == "workforce"}


@dataclass
class Quarter:
    """The people of a quarter, by audience: there before, there after, joined in its course."""

    before: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    after: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    joined: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def moved(self, cell: Cell) -> set[str]:
        """Return who moved so: from the first audience to the second."""
        before, after = cell
        if before == after:
            return self.before[before] & self.after[before]
        if before == NOWHERE:
            return self.joined[after] - set().union(*self.before.values())
        if after == NOWHERE:
            return self.before[before] - set().union(*self.after.values())
        return self.before[before] & self.joined[after]

    def framed(self, cell: Cell) -> set[str]:
        """Return of whom these are a share."""
        return self.joined[cell[1]] if cell[0] == NOWHERE else self.before[cell[0]]

    def left(self, cell: Cell) -> set[str]:
        """Return who of them was not in the first audience any more."""
        return set() if cell[0] == NOWHERE else self.moved(cell) - self.after[cell[0]]

    def cells(self) -> set[Cell]:
        """Return where somebody moved, and of each audience who stayed, came and went."""
        there = {a for a in [*self.before, *self.joined] if self.before[a] | self.joined[a]}
        pairs = {(a, b) for a in there for b in there if a != b and self.moved((a, b))}
        return pairs | {c for a in there for c in ((a, a), (a, NOWHERE), (NOWHERE, a))}


def merged(stretches: list[Stretch]) -> list[Stretch]:
    """Return one unbroken stretch for those of a person that touch, as int_memberships has it."""
    held: dict[tuple[str, str], list[list[date]]] = {}
    for who, audience, begins, ends in sorted(stretches, key=lambda s: (s[0], s[1], s[2] or EVER)):
        known = held.setdefault((who, audience), [])
        begins, ends = begins or EVER, ends or NEVER
        if known and begins <= known[-1][1]:
            known[-1][1] = max(known[-1][1], ends)
        else:
            known.append([begins, ends])
    return [
        (who, audience, None if begins == EVER else begins, None if ends == NEVER else ends)
        for (who, audience), known in held.items()
        for begins, ends in known
    ]


def quarter(stretches: Iterable[Stretch], start: date, end: date) -> Quarter:
    """Return the people of a quarter; who comes back in it did not join."""
    found = Quarter()
    begins: dict[str, set[str]] = defaultdict(set)
    for person, audience, joined, left in stretches:
        if audience in WORKFORCE:
            continue
        joined, left = joined or EVER, left or NEVER
        if joined < start <= left:
            found.before[audience].add(person)
        if joined < end <= left:
            found.after[audience].add(person)
        if start <= joined < end:
            begins[audience].add(person)
    for audience, people in begins.items():
        found.joined[audience] = people - found.before[audience]
    return found


def least(*audiences: str) -> int:
    """Return the fewest people that a figure of these audiences may tell of."""
    rows = [AUDIENCES[a] for a in audiences if a != NOWHERE]
    return max(
        max(int(r["minimum_group"] or 5), 10 if r["is_minor"] == "true" else 5) for r in rows
    )


Rows = dict[Cell, dict[str, Any]]
Told = Iterator[tuple[str, Cell, int]]


def told(found: Quarter, rows: Rows) -> Told:
    """Yield the handfuls that the rows of a quarter tell of: how, where, and how many.

    It knows what each figure counts and which of these groups hold one another whoever they are,
    and nothing of how anything is hidden. How many joined an audience is known from those who came
    from nowhere, or from its sizes and who stayed; how many left from the sizes and who joined.
    """
    shown = {cell for cell, row in rows.items() if row["people"] is not None}
    yield from _of_sizes(found, rows)
    for cell in shown:
        yield from _of_itself(found, cell, rows[cell]["people_left"] is not None)
        yield from _of_leavers(found, cell, shown)
        yield from _of_the_audience_above(found, cell, shown)
    for audience in {*found.joined, *found.before}:
        yield from _of_joiners(found, audience, shown, rows)


def _parent(audience: str) -> str | None:
    return AUDIENCES.get(audience, {}).get("parent")


def _of_sizes(found: Quarter, rows: Rows) -> Told:
    sizes = {a for (a, _), row in rows.items() if a != NOWHERE and row["people_before"] is not None}
    for a in sizes:
        yield "size", (a, a), len(found.before[a])
        if (parent := _parent(a)) in sizes:
            yield "above", (str(parent), a), len(found.before[str(parent)]) - len(found.before[a])


def _of_itself(found: Quarter, cell: Cell, tells_who_left: bool) -> Told:
    moved, left = found.moved(cell), found.left(cell)
    yield "moved", cell, len(moved)
    yield "others", cell, len(found.framed(cell) - moved)
    if tells_who_left:
        yield "left", cell, len(left)
        yield "stayed", cell, len(moved - left)


def _of_leavers(found: Quarter, cell: Cell, shown: set[Cell]) -> Told:
    a, b = cell
    if a == b or (a, a) not in shown:
        return
    moved, left = found.moved(cell), found.left(cell)
    if left:
        yield "left otherwise", cell, len(found.before[a] - found.after[a] - left)
    if NOWHERE not in cell:
        yield "stayed and did not join", cell, len((found.before[a] & found.after[a]) - moved)


def _of_the_audience_above(found: Quarter, cell: Cell, shown: set[Cell]) -> Told:
    a, b = cell
    for above in ((_parent(a) or "", b), (a, _parent(b) or "")):
        if a != b and above in shown and above[0] != above[1]:
            yield "above", cell, len(found.moved(above)) - len(found.moved(cell))


def _of_joiners(found: Quarter, b: str, shown: set[Cell], rows: Rows) -> Told:
    column = {cell for cell in shown if cell[1] == b and cell[0] != b}
    rest = found.joined[b].difference(*(found.moved(cell) for cell in column))
    if (NOWHERE, b) in shown or (b, b) in shown:
        yield "joined from elsewhere", (NOWHERE, b), len(rest)
        for cell in column - {(NOWHERE, b)}:
            yield "joined not from there", cell, len(found.joined[b] - found.moved(cell))
    # All who joined came from where somebody is shown, so how many joined is known, and so is
    # how many left.
    if (column and not rest) or rows.get((NOWHERE, b), {}).get("reason") == "nobody":
        yield "left, by sizes", (b, b), len(found.before[b] - found.after[b])
