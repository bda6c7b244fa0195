"""The attack on whole publications: every metric, audience and cut is a system of its own."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from attack import Answer, Group, Shown, groups_told

Row = dict[str, Any]
Key = tuple[str, str]
ANSWERS = {"nps", "enps", "csat", "ces_top", "ces_mean", "rating_mean", "rating_top"}
OTHERS = "=all others"
CALENDAR = {"month", "quarter", "year", "wave", "snapshot"}
OBSERVED = """
    select counted as metric, audience, segment, observed_on, wave_opened_on, snapshot_date,
        is_protected, cluster_id, value
    from warehouse.intermediate.int_metric_observations
    inner join warehouse.intermediate.int_metric_series using (series_key)
"""


class Leak(NamedTuple):
    """A group that is told and may not be."""

    metric: str
    audience: str
    cut: str
    group: Group


def cut_of(segment: str) -> str:
    return segment if segment.startswith("feedback=") else re.sub("=[^;]*", "", segment)


def of_one_calendar(row: Row) -> bool:
    """Return whether a figure adds up with months: tickets also come by weeks and loose windows."""
    if row["period_kind"] in CALENDAR or row["metric"] in ANSWERS:
        return True
    start: date = row["period_start"]
    return bool(row["period_kind"].startswith("trailing") and start.day == 1)


def of_weeks(row: Row) -> bool:
    return row["period_kind"] in ("day", "week")


def answers_of(rows: Iterable[Row], edition: int = 0) -> dict[Key, dict[str, list[Answer]]]:
    """Return the answers by metric and audience, and by the cut under which they have a segment."""
    found: dict[Key, dict[str, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row["metric"], row["audience"]][cut_of(row["segment"])].append(
            Answer(
                row["segment"],
                row["observed_on"],
                row["wave_opened_on"],
                row["snapshot_date"],
                row["is_protected"],
                row["cluster_id"],
                row["value"],
                frozenset({edition}),
            )
        )
    return found


def figures_of(rows: Iterable[Row], edition: int = 0) -> dict[Key, set[Shown]]:
    """Return the cells that show how many answered, by metric and audience."""
    found: dict[Key, set[Shown]] = defaultdict(set)
    shown = [row for row in rows if row["n"] is not None]
    lines: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for row in shown:
        if not row["segment"].endswith(OTHERS):
            lines[line_of(row)].add(row["segment"])
    for row in shown:
        is_rest = row["segment"].endswith(OTHERS)
        found[row["metric"], row["audience"]].add(
            Shown(
                row["period_kind"],
                row["period_start"],
                row["period_end"],
                row["segment"],
                edition,
                frozenset(lines[line_of(row)]) if is_rest else None,
            )
        )
    return found


def line_of(row: Row) -> tuple[Any, ...]:
    names = ("metric", "audience", "period_kind", "period_start")
    return (*(row[name] for name in names), cut_of(row["segment"]))


def hidden_months(rows: Iterable[Row]) -> dict[Key, set[tuple[str, date]]]:
    """Return the months of segments that are said to be hidden, by metric and audience."""
    found: dict[Key, set[tuple[str, date]]] = defaultdict(set)
    for row in rows:
        if row["period_kind"] == "month" and row["status"] == "suppressed":
            found[row["metric"], row["audience"]].add((row["segment"], row["period_start"]))
    return found


def leaks(
    figures: Mapping[Key, set[Shown]],
    answers: Mapping[Key, Mapping[str, Sequence[Answer]]],
    minimum: Mapping[str, int],
    is_hasty: bool = False,
    possible: Mapping[Key, set[tuple[str, date]]] | None = None,
) -> Iterator[Leak]:
    """Yield every group too small that can be told from the figures; `possible` months are those
    that are said to be hidden.
    """
    for (metric, audience), cells in figures.items():
        is_of_answers = metric in ANSWERS
        least = minimum.get(audience, 5)
        for cut, told in answers.get((metric, audience), {}).items():
            of_cut = sorted(c for c in cells if c.segment == "all" or cut_of(c.segment) == cut)
            if cut.startswith("feedback="):
                of_cut = [cell for cell in of_cut if cell.segment == cut]
            below = max(least, 10) if is_of_answers else least
            months = (possible or {}).get((metric, audience), set())
            of_segments = [(segment, day) for segment, day in months if cut_of(segment) == cut]
            for group in groups_told(of_cut, told, below, is_hasty, of_segments):
                if not group.is_safe(least, is_of_answers):
                    yield Leak(metric, audience, cut, group)


def of_two(
    before: Sequence[Row], after: Sequence[Row], observed: Sequence[Sequence[Row]]
) -> tuple[dict[Key, set[Shown]], dict[Key, dict[str, list[Answer]]]]:
    """Return the figures and answers of what is protected in two publications, one after the other.

    A figure that is the same in both says nothing new; one that is not is of the later answers.
    """
    open_ones = {
        (row["metric"], row["audience"])
        for rows in observed
        for row in rows
        if not row["is_protected"]
    }
    known = {key_of(row): told_by(row) for row in before}
    figures = figures_of(before)
    changed = [row for row in after if known.get(key_of(row)) != told_by(row)]
    for key, cells in figures_of(changed, edition=1).items():
        figures[key] = figures.get(key, set()) | cells
    editions: dict[tuple[Key, str, Answer], set[int]] = defaultdict(set)
    for edition, rows in enumerate(observed):
        for key, cuts in answers_of(rows).items():
            for cut, told in cuts.items():
                for answer in told:
                    editions[key, cut, answer].add(edition)
    answers: dict[Key, dict[str, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for (key, cut, answer), found in editions.items():
        if key not in open_ones:
            answers[key][cut].append(answer._replace(editions=frozenset(found)))
    return figures, answers


def key_of(row: Row) -> tuple[Any, ...]:
    names = ("metric", "audience", "period_kind", "period_start", "segment")
    return tuple(row[name] for name in names)


def told_by(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("n", "value", "numerator", "denominator", "low", "high"))
