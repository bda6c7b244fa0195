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
CALENDAR = {"month", "quarter", "year", "wave", "snapshot"}
OBSERVED = """
    select metric, audience, segment, observed_on, wave_opened_on, snapshot_date, is_protected,
        cluster_id, value
    from warehouse.intermediate.int_metric_observations
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
    for row in rows:
        if row["n"] is not None:
            found[row["metric"], row["audience"]].add(
                Shown(
                    row["period_kind"],
                    row["period_start"],
                    row["period_end"],
                    row["segment"],
                    edition,
                )
            )
    return found


def leaks(
    figures: Mapping[Key, set[Shown]],
    answers: Mapping[Key, Mapping[str, Sequence[Answer]]],
    minimum: Mapping[str, int],
) -> Iterator[Leak]:
    """Yield every group too small that can be told from the figures."""
    for (metric, audience), cells in figures.items():
        is_of_answers = metric in ANSWERS
        least = minimum.get(audience, 5)
        for cut, told in answers.get((metric, audience), {}).items():
            of_cut = sorted(c for c in cells if c.segment == "all" or cut_of(c.segment) == cut)
            if cut.startswith("feedback="):
                of_cut = [cell for cell in of_cut if cell.segment == cut]
            below = max(least, 10) if is_of_answers else least
            for group in groups_told(of_cut, told, below):
                if not group.is_safe(least, is_of_answers):
                    yield Leak(metric, audience, cut, group)
