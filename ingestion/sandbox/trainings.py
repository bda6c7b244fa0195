"""Who completed which training: what the learning system tells of it.

Nothing is planted here: a training moves no score, and who looks for an effect should find none.
All chance is drawn from streams of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox.clock import DAY, HOUR, month_start
from ingestion.sandbox.effects import month_named
from ingestion.sandbox.people import Population
from ingestion.sandbox.versions import Columns, timeline
from ingestion.sandbox.workforce import CARE_TEAMS, DEPARTMENTS, Workforce

_DRAWS = "completes wait"


@dataclass(frozen=True, slots=True)
class Course:
    """A training that runs from a month on: for which departments, how long, for how many."""

    training: str
    from_month: str
    departments: tuple[int, ...]
    hours: float
    share: float
    mean_wait_days: int


COURSES = (
    Course("hard_conversations", "2025-10", tuple(CARE_TEAMS), 6.0, 0.85, 60),
    Course("experience_basics", "2025-01", tuple(range(len(DEPARTMENTS))), 2.0, 0.7, 120),
)


def trainings_table(population: Population, force: Workforce) -> tuple[Columns, np.ndarray]:
    """Return each completed training and when each line shows; an erased person's lines go.

    Somebody may start when the training does, or once hired; who leaves before completes nothing.
    """
    parts = []
    for course in COURSES:
        draws = population.draws(f"training {course.training}", _DRAWS).take(force.who)
        starts = np.maximum(month_start(month_named(course.from_month)), force.hired)
        wait = draws.waiting("wait", course.mean_wait_days * DAY) // DAY * DAY
        completed = starts + wait + 9 * HOUR
        takes = np.isin(force.department_at(completed), course.departments)
        takes &= draws.chance("completes", course.share) & force.at_work(completed)
        rows = np.flatnonzero(takes)
        parts.append((np.full(len(rows), course.training, object), rows, completed[rows],
                      np.full(len(rows), course.hours)))  # fmt: skip
    training, employee, completed, hours = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    number = force["employee_number"][employee]
    erased = population["erased"][force.who][employee]
    row, at = timeline(completed, [erased], erased)
    return {
        "completion_id": (training + "-" + number)[row],
        "person_uid": population["person_uid"][force.who][employee][row],
        "employee_number": number[row],
        "email": force["work_email"][employee][row],
        "training": training[row],
        "hours": hours[row],
        "completed_at": completed[row],
        "is_gone": at >= erased[row],
    }, at
