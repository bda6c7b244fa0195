"""Who of the fans is called after a bad answer, and what it does to the next one: the call log.

Half of those who answer 0 to 6 are called, by lot; not everybody picks up. Who was spoken to gives
some points more at their next answer. Nothing else of the world knows of it but what people do
after that answer: all chance is drawn from streams of its own, and who answers, and when, stays.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ingestion.sandbox.clock import DAY, HOUR, MINUTE, NEVER
from ingestion.sandbox.draws import Draws
from ingestion.sandbox.effects import CALLED, DETRACTOR, NPS, RECOVERED_POINTS, SPOKEN_TO
from ingestion.sandbox.instruments import FAN
from ingestion.sandbox.people import Population
from ingestion.sandbox.surveys import Asked
from ingestion.sandbox.versions import Columns, timeline

_DRAWS = "called reached wait length"
_LONGEST_WAIT = 20 * DAY


def follow_up(population: Population, asked: Asked) -> tuple[Columns, Asked]:
    """Return the calls (who, called, ended) and what was asked with the scores after them."""
    score, owed = asked["score"].copy(), np.zeros(len(population), dtype=bool)
    finished = (asked["survey"] == FAN) & asked["answered"] & ~asked["partial"]
    # A world may be too young for any wave.
    calls = [dict.fromkeys(("who", "called", "ended"), np.zeros(0, dtype=np.int64))]
    for wave in np.unique(asked["wave"][finished]):
        rows = np.flatnonzero(finished & (asked["wave"] == wave))
        who = asked["who"][rows]
        score[rows] = np.where(owed[who], raised(score[rows]), score[rows])
        owed[who] = False
        draws = population.draws(f"follow-ups {wave}", _DRAWS).take(who)
        called = _called(draws, score[rows]) & ~population["is_minor"][who]
        at = asked["ended"][rows] + 4 * HOUR
        at = at + np.minimum(draws.waiting("wait", 1.5 * DAY), _LONGEST_WAIT)
        called &= at < population["erased"][who]
        spoken = called & draws.chance("reached", SPOKEN_TO)
        bad = score[rows] <= DETRACTOR
        owed[who[bad]] = population.linked(f"follow-ups {wave}", spoken[bad])
        ended = np.where(spoken, at + 2 * MINUTE + draws.between("length", 0, 15 * MINUTE), NEVER)
        calls.append({"who": who[called], "called": at[called], "ended": ended[called]})
    columns = {name: np.concatenate([part[name] for part in calls]) for name in calls[0]}
    return columns, replace(asked, columns=asked.columns | {"score": score})


def raised(score: np.ndarray) -> np.ndarray:
    """Return the score of somebody who was spoken to before; the scale ends where it ends."""
    return np.minimum(score + RECOVERED_POINTS, NPS.values[-1])


def _called(draws: Draws, score: np.ndarray) -> np.ndarray:
    return draws.chance("called", CALLED) & (score <= DETRACTOR)


def calls_table(population: Population, calls: Columns) -> tuple[Columns, np.ndarray]:
    """Return the log of calls and when each line shows; an erased person's lines go."""
    who, called = calls["who"], calls["called"]
    shows = np.where(calls["ended"] < NEVER, calls["ended"], called)
    erased = population["erased"][who]
    row, at = timeline(shows, [erased], erased)
    number = np.array([f"C{w:06d}-{c // HOUR}" for w, c in zip(who, called, strict=True)], object)
    return {
        "call_id": number[row],
        "person_uid": population["person_uid"][who][row],
        "email": population["email"][who][row],
        "called_at": called[row],
        "ended_at": calls["ended"][row],
        "is_gone": at >= erased[row],
    }, at
