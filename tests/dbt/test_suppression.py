"""Nothing that is hidden can be had by adding and subtracting what is shown."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pytest
from reference_cells import METRIC, Cell
from reference_events import Event
from reference_periods import first_of
from reference_suppression import minimum
from reference_values import Warehouse

NESTED = ("month", "quarter", "year")
# How somebody stood is no sum of months, but for what happened or was worked in their course.
ADDS_UP = {"turnover", "turnover_voluntary", "absence_rate"}


class Table(NamedTuple):
    """One metric of one audience by one cut: the months of its segments are the unknowns."""

    shown: list[frozenset[tuple[str, date]]]
    hidden: list[tuple[Cell, frozenset[tuple[str, date]]]]


def atoms(cell: Cell, months: dict[str, set[date]]) -> frozenset[tuple[str, date]]:
    """Return the months of segments that add up to a cell; those without answers are known."""
    return frozenset(
        (segment, month)
        for segment, found in months.items()
        for month in found
        if cell.cut == "all" or segment == str(cell.segment)
        if first_of(cell.period_kind, month) == cell.period_start
    )


def months_of(cell: Cell, events: list[Event]) -> set[date]:
    """Return the months in which something of a cell happened, or over which somebody stood so."""
    if cell.metric in ADDS_UP and cell.period_kind != "month":
        return set()
    days = {event.period[1] if event.period else event.day for event in events}
    return {first_of("month", day) for day in days if day}


def tables(expected: Warehouse, shown: set[tuple[Any, ...]]) -> Iterator[Table]:
    """Yield every cut of every metric and audience, what is shown of it and what is hidden."""
    nested = [cell for cell in expected.estimates if cell.period_kind in NESTED]
    groups: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in nested:
        is_whole = METRIC[cell.metric]["kind"] == "distinct" and cell.metric not in ADDS_UP
        alone = cell.period_kind if is_whole else ""
        groups[cell.audience, cell.metric, alone].append(cell)
    for cells in groups.values():
        for cut in {cell.cut for cell in cells if not cell.cut.startswith("feedback=")}:
            of_cut = [cell for cell in cells if cell.cut in (cut, "all")]
            months: dict[str, set[date]] = defaultdict(set)
            for cell in of_cut:
                if cell.cut == cut:
                    months[str(cell.segment)] |= months_of(cell, expected.members[cell])
            parts = [(cell, atoms(cell, months)) for cell in of_cut]
            yield Table(
                [part for cell, part in parts if key(cell) in shown],
                [(cell, part) for cell, part in parts if key(cell) not in shown],
            )


def key(cell: Cell) -> tuple[Any, ...]:
    return cell.audience, cell.metric, cell.period_kind, cell.period_start, cell.segment


def recovered(table: Table) -> Iterator[Cell]:
    """Yield the hidden cells that are a combination of shown ones."""
    unknowns = sorted(set().union(*table.shown, *(part for _, part in table.hidden)))
    column = {atom: n for n, atom in enumerate(unknowns)}
    known = np.zeros((len(table.shown), len(unknowns)))
    for row, part in enumerate(table.shown):
        known[row, [column[atom] for atom in part]] = 1
    inverse = np.linalg.pinv(known)
    for cell, part in table.hidden:
        wanted = np.zeros(len(unknowns))
        wanted[[column[atom] for atom in part]] = 1
        if np.abs(wanted @ inverse @ known - wanted).max() < 1e-8:
            yield cell


@pytest.fixture(scope="session")
def shown(published: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    names = ("audience", "metric", "period_kind", "period_start", "segment")
    return {tuple(row[n] for n in names) for row in published if row["n"] is not None}


def test_no_small_group_is_recovered(expected: Warehouse, shown: set[tuple[Any, ...]]) -> None:
    hidden, leaks = 0, []
    for table in tables(expected, shown):
        small = {
            cell for cell, _ in table.hidden
            if len(expected.respondents(cell)) < minimum(cell)
        }  # fmt: skip
        hidden += len(small)
        if small and table.shown:
            leaks += [cell for cell in recovered(table) if cell in small]
    assert hidden > 1_000
    assert not leaks, (len(leaks), leaks[:3])
