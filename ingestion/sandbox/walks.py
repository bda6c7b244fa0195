"""Who walked the journeys of Northlight: mystery visits, and leaders who go the way themselves.

Nothing is planted here: what visitors score is the same everywhere and does not move. Some journeys
are walked by a plan, one was given up, most were never walked. All chance is drawn from streams of
its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.clock import DAY, HOUR, month_start
from ingestion.sandbox.draws import stream
from ingestion.sandbox.versions import Columns

CRITERIA = ("clear", "quick", "friendly", "as promised")
SCALE_MAX = 5
SCORE, SPREAD = 3.7, 0.9


@dataclass(frozen=True, slots=True)
class Plan:
    """Stages that are visited on one day, every so many months, up to a month or for good."""

    visit_kind: str
    journey: str
    stages: tuple[str, ...]
    every: int
    last_month: int | None = None


# Months count from July 2023. Leaders walked the donors' way for a year and no more.
PLANS = (
    Plan("mystery", "buyer", ("consider", "evaluate", "buy"), every=3),
    Plan("mystery", "fan", ("first_visit", "return"), every=6),
    Plan("walk_through", "customer", ("onboard", "get_help"), every=6),
    Plan("walk_through", "fan", ("follow", "first_visit", "join"), every=12),
    Plan("walk_through", "employee", ("onboard",), every=12),
    Plan("walk_through", "donor", ("approach", "agree"), every=6, last_month=12),
)


def walks_table(seed: int, months: int) -> tuple[Columns, np.ndarray]:
    """Return what was scored at each visit, criterion by criterion, and when each line shows."""
    lines = []
    for number, plan in enumerate(PLANS):
        last = months if plan.last_month is None else min(months, plan.last_month)
        for month in range(plan.every - 1, last, plan.every):
            luck = stream(seed, f"walks {number}", month)
            visited = month_start(month) + int(luck.integers(0, 28)) * DAY + 10 * HOUR
            for at, stage in enumerate(plan.stages):
                scores = luck.normal(SCORE, SPREAD, len(CRITERIA)).round().clip(1, SCALE_MAX)
                lines += [
                    (f"V{number}-{month:03d}-{at}", plan.visit_kind, plan.journey, stage,
                     criterion, score, visited + at * HOUR)
                    for criterion, score in zip(CRITERIA, scores, strict=True)
                ]  # fmt: skip
    names = ("visit_id", "visit_kind", "journey", "stage", "criterion", "score", "visited_at")
    columns: Columns = {
        name: np.array([line[at] for line in lines], dtype=kind)
        for at, (name, kind) in enumerate(
            zip(names, (object,) * 5 + (float, np.int64), strict=True)
        )
    }
    columns["scale_max"] = np.full(len(lines), float(SCALE_MAX))
    # Whoever walked writes it up the day after.
    return columns, columns["visited_at"] + DAY
