"""An attacker who has every published row, and adds and subtracts.

It knows which answers each published figure counts (that is documented), and not one answer. What
it can tell is every combination of published figures; a combination that rests on a group alone
tells that group's answers. It reads what is published and never how anything is hidden; the answers
themselves only say afterwards how many people a group is, and whether all of them said the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import NamedTuple

import numpy as np

ZERO = 1e-8
MOST_TRIED = 20_000  # groups of one tangle of figures; more is said to be too many, never skipped
ALIKE = 10  # fewer than these who all answered alike are as good as named


class Shown(NamedTuple):
    """A published figure, whatever model it stands in and in which of two publications."""

    period_kind: str
    period_start: date
    period_end: date
    segment: str
    edition: int = 0


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
        is_named = is_of_answers and self.is_uniform and len(self.respondents) < ALIKE
        return len(self.respondents) >= minimum and not is_named


def counts(cell: Shown, answer: Answer) -> bool:
    """Return whether a figure counts an answer: the published rules of periods and segments."""
    if cell.edition not in answer.editions or cell.segment not in ("all", answer.segment):
        return False
    if cell.period_kind == "wave":
        return answer.wave == cell.period_start
    if cell.period_kind == "snapshot":
        return answer.snapshot == cell.period_start
    if answer.is_protected and (cell.period_kind != "quarter" or answer.wave):
        return False
    return answer.day is not None and cell.period_start <= answer.day < cell.period_end


def groups_told(shown: Iterable[Shown], answers: Iterable[Answer], below: int) -> Iterator[Group]:
    """Yield the smallest groups that a combination of figures rests on, of answers told apart by no
    figure, each part of fewer than `below` people."""
    cells = list(shown)
    alike: Mapping[frozenset[int], list[Answer]] = defaultdict(list)
    for answer in answers:
        alike[frozenset(n for n, c in enumerate(cells) if counts(c, answer))].append(answer)
    parts = [(mark, told) for mark, told in alike.items() if mark]
    people = [frozenset(a.respondent for a in told) for _, told in parts]
    few = [n for n, who in enumerate(people) if len(who) < below]
    if not few:
        return
    known = np.zeros((len(cells), len(parts)))
    for n, (mark, _) in enumerate(parts):
        known[list(mark), n] = 1
    for support in supports(known, few):
        told = [answer for n in support for answer in parts[n][1]]
        yield Group(
            frozenset(answer.respondent for answer in told),
            len({answer.value for answer in told}) == 1,
        )


def supports(known: np.ndarray, few: list[int]) -> Iterator[tuple[int, ...]]:
    """Yield the smallest sets of columns in `few` that a row combination adds up and nothing else.

    Every combination is a sum of such smallest ones without cancelling, so none is missed. One with
    both signs is the difference of two groups and tells of neither.
    """
    basis = row_space(known)
    rest = np.setdiff1d(np.arange(known.shape[1]), few)
    free = left_null(basis[:, rest]) @ basis[:, few]
    for columns, tangle in components(reduced(free)):
        for vector in elementary(tangle):
            at = np.flatnonzero(np.abs(vector) > ZERO)
            if (vector[at] > 0).all() or (vector[at] < 0).all():
                yield tuple(few[columns[n]] for n in at)


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


def components(rows: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the columns and rows that hang together."""
    left = set(range(len(rows)))
    while left:
        together = {left.pop()}
        used = np.any(rows[list(together)] != 0, axis=0)
        while more := {n for n in left if (rows[n][used] != 0).any()}:
            together |= more
            left -= more
            used = np.any(rows[list(together)] != 0, axis=0)
        columns = np.flatnonzero(used)
        yield columns, rows[np.ix_(sorted(together), columns)]


def elementary(rows: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the vectors of a row space with the fewest entries: all but one freedom spent on zeros."""
    freedom, width = rows.shape
    if freedom == 1:
        yield rows[0]
        return
    for tried, zeros in enumerate(combinations(range(width), freedom - 1)):
        if tried > MOST_TRIED:
            raise OverflowError(f"{freedom} free figures over {width} small parts")
        weights = left_null(rows[:, zeros])
        if len(weights) == 1:
            yield weights[0] @ rows
