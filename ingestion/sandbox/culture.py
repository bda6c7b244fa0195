"""What people inside are asked of the organisation itself: the culture survey and the assessment.

Twice a year every employee says what experience we try to deliver, what customers would answer and
how we work; once a year managers say how grown up we are. All chance comes from streams of its own,
and what was asked before stays what it was.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from ingestion.sandbox import effects
from ingestion.sandbox.clock import DAY
from ingestion.sandbox.draws import Draws, stream
from ingestion.sandbox.effects import Scale
from ingestion.sandbox.instruments import CULTURE, MATURITY, PULSE, Panel
from ingestion.sandbox.people import Population
from ingestion.sandbox.surveys import (
    DRAW_NAMES,
    PULSE_OPEN_DAYS,
    Asked,
    answering,
    reachable,
    wave_draws,
)
from ingestion.sandbox.versions import Columns
from ingestion.sandbox.workforce import DEPARTMENTS, Workforce

# (survey, first month, months between, share that answers); none of it depends on what is said.
WAVES = ((CULTURE, 0, 6, 0.62), (MATURITY, 6, 12, 0.75))
# In the order of the areas.
MATURITY_LEVELS = (0.2, 0.5, 0.9, -0.1, -0.5, 0.6, 0.1, -0.8, 0.3)
_QUESTIONS = 9


def ask(population: Population, force: Workforce, panel: Panel) -> Asked:
    """Return everybody asked in any wave, with what each would say (`said_1`, ...)."""
    waves = [
        _wave(population, force, panel, survey, month, turnout)
        for survey, first, step, turnout in WAVES
        for month in range(first, population.months, step)
    ]
    columns = {name: np.concatenate([wave[0][name] for wave in waves]) for name in waves[0][0]}
    drawn = np.concatenate([wave[1] for wave in waves])
    names = DRAW_NAMES.split()
    draws = Draws({name: np.ascontiguousarray(drawn[:, i]) for i, name in enumerate(names)})
    return Asked(columns | answering(columns, draws, columns["turnout"]), draws)


def _wave(
    population: Population, force: Workforce, panel: Panel, survey: int, month: int, turnout: float
) -> tuple[Columns, np.ndarray]:
    sent, drawn = wave_draws(population, survey, month)
    luck = stream(population.seed, f"said {survey}", month).random((len(drawn), _QUESTIONS))
    who = reachable(panel, PULSE, sent, len(drawn))
    who = who[population.active("employee" if survey == CULTURE else "manager", who, sent)]
    department = force.department_at(sent)[np.searchsorted(force.who, who)]
    codes = {f"said_{n + 1}": np.zeros(len(who), dtype=np.int64) for n in range(_QUESTIONS)}
    for n, (lowest, of_departments) in enumerate(odds_of(survey, month)):
        edges = np.cumsum(of_departments, axis=1)[department]
        codes[f"said_{n + 1}"] = lowest + (luck[who, n, None] > edges[:, :-1]).sum(axis=1)
    columns = {
        "who": who,
        "survey": np.full(len(who), survey),
        "wave": np.full(len(who), month),
        "position": panel.position[PULSE][who],
        "sent": np.full(len(who), sent),
        "launched": np.full(len(who), sent),
        "closes": np.full(len(who), sent + PULSE_OPEN_DAYS * DAY),
        "ticket": np.full(len(who), -1),
        "turnout": np.full(len(who), turnout),
    }
    return columns | codes, drawn[who]


def odds_of(survey: int, month: int) -> list[tuple[int, np.ndarray]]:
    """Return, a question, its lowest code and the odds of each code (columns) by department."""
    if survey == MATURITY:
        return [_rated(level) for level in MATURITY_LEVELS]
    is_commercial = np.array([[d.division == effects.COMMERCIAL] for d in DEPARTMENTS])
    customers = float(effects.level("customer", np.array(month)))
    believed = effects.CSAT_LEVEL + effects.HELP_BELIEVED_BETTER
    return [
        (1, np.where(is_commercial, effects.DELIVERED_COMMERCIAL, effects.DELIVERED)),
        (1, np.tile(effects.VALUED_MOST, (len(DEPARTMENTS), 1))),
        _alike(effects.CSAT, effects.answered_odds(effects.CSAT, believed)),
        _alike(effects.NPS, effects.answered_odds(effects.NPS, customers)),
        *(_rated(level) for level in effects.STATEMENT_LEVELS),
    ]


def _rated(level: float) -> tuple[int, np.ndarray]:
    return _alike(effects.RATING, effects.RATING.odds_of(np.array([level]))[0])


def _alike(scale: Scale, odds: np.ndarray) -> tuple[int, np.ndarray]:
    return scale.lowest, np.tile(odds, (len(DEPARTMENTS), 1))


def said(asked: Asked, rows: np.ndarray, language: np.ndarray) -> np.ndarray:
    """Return each response's answers as JSON; who breaks off has answered the first question."""
    asks = np.where(asked["survey"][rows] == CULTURE, len(odds_of(CULTURE, 0)), _QUESTIONS)
    asks = np.where(asked["partial"][rows], 1, asks)
    codes = np.column_stack([asked[f"said_{n + 1}"][rows] for n in range(_QUESTIONS)])
    texts = [
        json.dumps({f"QID{n + 1}": code for n, code in enumerate(line[:asked_of])})
        for line, asked_of in zip(codes.tolist(), asks.tolist(), strict=True)
    ]
    return np.array(texts, dtype=object)


def beside(
    table: tuple[Columns, np.ndarray], more: tuple[Columns, np.ndarray]
) -> tuple[Columns, np.ndarray]:
    """Return a table's versions with more of them after it."""
    columns = {name: np.concatenate([values, more[0][name]]) for name, values in table[0].items()}
    return columns, np.concatenate([table[1], more[1]])


def choices_frame() -> pd.DataFrame:
    """Return how often each department chooses what, of the questions of alignment."""
    rows = [
        (f"QID{number}", department.name, code, float(share))
        for number, (_, odds) in enumerate(odds_of(CULTURE, 0)[:2], start=1)
        for department, shares in zip(DEPARTMENTS, odds, strict=True)
        for code, share in enumerate(shares, start=1)
    ]
    return pd.DataFrame(rows, columns=["question_id", "department", "code", "share"])
