"""An attacker who has every published row, and adds and subtracts.

It knows which answers each published figure counts (that is documented), and not one answer. What
it can tell is every combination of published figures; a combination that rests on a group alone
tells that group's answers. It reads what is published and never how anything is hidden; the answers
themselves only say afterwards how many people a group is, and whether all of them said the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

ZERO = 1e-8
ALIKE = 10  # fewer than these who all answered alike are as good as named


class Shown(NamedTuple):
    """A published figure, whatever model it stands in and in which of two publications.

    Of all others than some segments `beside` are those.
    """

    period_kind: str
    period_start: date
    period_end: date
    segment: str
    edition: int = 0
    beside: frozenset[str] | None = None


class Answer(NamedTuple):
    """One answer, ticket or invitation as it counts for a metric under one cut."""

    segment: str
    day: date | None
    wave: date | None
    snapshot: date | None
    is_protected: bool
    respondent: str
    value: float
    editions: frozenset[int] = frozenset({0})


class Group(NamedTuple):
    """People of whom the attacker knows the sum of what they answered."""

    respondents: frozenset[str]
    is_uniform: bool

    def is_safe(self, minimum: int, is_of_answers: bool) -> bool:
        if not self.respondents:
            return True
        is_named = is_of_answers and self.is_uniform and len(self.respondents) < ALIKE
        return len(self.respondents) >= minimum and not is_named


def counts(cell: Shown, answer: Answer) -> bool:
    """Return whether a figure counts an answer: the published rules of periods and segments."""
    is_in = (
        cell.segment in ("all", answer.segment)
        if cell.beside is None
        else (answer.segment not in cell.beside)
    )
    if cell.edition not in answer.editions or not is_in:
        return False
    if cell.period_kind == "wave":
        return answer.wave == cell.period_start
    if cell.period_kind == "snapshot":
        return answer.snapshot == cell.period_start
    if answer.is_protected and (cell.period_kind != "quarter" or answer.wave):
        return False
    return answer.day is not None and cell.period_start <= answer.day < cell.period_end


def groups_told(
    shown: Iterable[Shown],
    answers: Iterable[Answer],
    below: int,
    is_hasty: bool = False,
    possible: Iterable[tuple[str, date]] = (),
) -> Iterator[Group]:
    """Yield the smallest group that a combination of figures rests on, and of those who all
    answered the same the smallest for each answer; only groups whose parts, which no figure tells
    further apart, are of fewer than `below` people. `possible` are months of segments that are said
    to be hidden: there may have been answers.

    A hasty attacker takes what it comes upon first, and finds a part of them.
    """
    cells, known_answers = list(shown), list(answers)
    alike: Mapping[frozenset[int], list[Answer]] = defaultdict(list)
    for answer in known_answers:
        alike[frozenset(n for n, c in enumerate(cells) if counts(c, answer))].append(answer)
    for answer in conceivable(cells, known_answers, possible):
        alike[frozenset(n for n, c in enumerate(cells) if counts(c, answer))] += []
    parts = [Part(mark, told) for mark, told in alike.items() if mark]
    few = [part for part in parts if len(part.people) < below]
    known = np.zeros((len(cells), len(parts)))
    for n, part in enumerate(parts):
        known[list(part.mark), n] = 1
    is_few = np.array([len(part.people) < below for part in parts], dtype=bool)
    if not any(part.people for part in few):
        return
    basis = row_space(known)
    told = reduced(left_null(basis[:, ~is_few]) @ basis[:, is_few])
    if is_hasty:
        supports = [np.flatnonzero(row) for row in told if (row >= 0).all()]
    else:
        supports = [
            found for may in choices(few) if (found := smallest(told, few, may)) is not None
        ]
    for support in supports:
        yield group_of([answer for n in support for answer in few[n].told])


class Part:
    """Answers that the same figures count: nothing published tells them apart."""

    def __init__(self, mark: frozenset[int], told: list[Answer]) -> None:
        self.mark, self.told = mark, told
        self.people = frozenset(answer.respondent for answer in told)
        self.values = {answer.value for answer in told}


def group_of(told: list[Answer]) -> Group:
    return Group(
        frozenset(answer.respondent for answer in told),
        len({answer.value for answer in told}) == 1,
    )


def choices(parts: list[Part]) -> Iterator[np.ndarray]:
    """Yield which parts a group may be made of: any, and those that all answered the same."""
    yield np.ones(len(parts), dtype=bool)
    for value in set().union(*(part.values for part in parts)):
        yield np.array([part.values <= {value} for part in parts], dtype=bool)


def smallest(told: np.ndarray, parts: list[Part], may: np.ndarray) -> np.ndarray | None:
    """Return the parts of the group of fewest people that a combination of the rows adds up.

    Its answers come with weights of one sign; a difference of two groups tells of neither. Solved
    exactly, as a mixed-integer programme: weights, which parts have one, who is in those.
    """
    people = sorted(set().union(*(part.people for part in parts)))
    rows, width, persons = len(told), len(parts), len(people)
    if not rows:
        return None
    place = {person: n for n, person in enumerate(people)}
    pairs = [(n, place[person]) for n, part in enumerate(parts) for person in part.people]
    weigh = np.hstack([told.T, -np.eye(width), np.zeros((width, width + persons))])
    has_people = np.array([bool(part.people) for part in parts])
    mark = np.hstack(
        [
            np.zeros((width, rows)), np.eye(width), -np.eye(width), np.zeros((width, persons))
        ]
    )[has_people]  # fmt: skip
    count = np.zeros((len(pairs), rows + 2 * width + persons))
    for n, (part, person) in enumerate(pairs):
        count[n, rows + width + part], count[n, rows + 2 * width + person] = 1, -1
    somebody = np.zeros((1, rows + 2 * width + persons))
    somebody[0, rows : rows + width] = has_people
    free = np.full(rows, np.inf)
    for is_simplified in (True, False):
        found = milp(
            np.concatenate([np.zeros(rows + 2 * width), np.ones(persons)]),
            integrality=np.concatenate([np.zeros(rows + width), np.ones(width), np.zeros(persons)]),
            bounds=Bounds(
                np.concatenate([-free, np.zeros(2 * width + persons)]),
                np.concatenate([free, np.where(may, np.inf, 0), np.ones(width + persons)]),
            ),
            constraints=[
                LinearConstraint(csr_array(weigh), 0, 0),
                LinearConstraint(csr_array(mark), -np.inf, 0),
                LinearConstraint(csr_array(count), -np.inf, 0),
                LinearConstraint(csr_array(somebody), 1, 1),
            ],
            options={"presolve": is_simplified},
        )
        if found.status == 2:  # there is no such group
            return None
        if found.status != 0:
            raise RuntimeError(found.message)
        inside = (found.x[rows + width : rows + 2 * width] > 0.5) | ~has_people
        # The solver rounds: what it says is told must be so.
        if len(left_null(told[:, ~inside])):
            return np.flatnonzero(inside & has_people)
    raise RuntimeError("what the solver found is no combination of what is published")


def conceivable(
    cells: list[Shown], answers: list[Answer], possible: Iterable[tuple[str, date]]
) -> Iterator[Answer]:
    """Yield what could have been answered for all that is published.

    A month without a row has no answers; which days of another have none is not published.
    """
    days = {day for c in cells for day in (c.period_start, c.period_end)}
    months = {(a.segment, a.day.replace(day=1)) for a in answers if a.day and not a.is_protected}
    months |= set(possible)
    days |= {month for _, month in months}
    for segment, month in months:
        for day in days:
            if day.replace(day=1) == month:
                yield Answer(segment, day, None, None, False, "", 0.0)


def row_space(matrix: np.ndarray) -> np.ndarray:
    _, sizes, rows = np.linalg.svd(matrix, full_matrices=False)
    return rows[sizes > ZERO]


def left_null(matrix: np.ndarray) -> np.ndarray:
    if not matrix.shape[1]:
        return np.eye(matrix.shape[0])
    left, sizes, _ = np.linalg.svd(matrix)
    return left[:, int((sizes > ZERO).sum()) :].T


def reduced(matrix: np.ndarray) -> np.ndarray:
    """Return the reduced echelon form, without empty rows."""
    rows, done = matrix.copy(), 0
    for column in range(rows.shape[1]):
        if done == len(rows):
            break
        best = done + int(np.argmax(np.abs(rows[done:, column])))
        if abs(rows[best, column]) < ZERO:
            continue
        rows[[done, best]] = rows[[best, done]]
        rows[done] /= rows[done, column]
        others = np.arange(len(rows)) != done
        rows[others] -= np.outer(rows[others, column], rows[done])
        done += 1
    rows[np.abs(rows) < ZERO] = 0
    return rows[:done]
