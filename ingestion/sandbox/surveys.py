"""Who is asked what, when, and who answers: the survey tool's waves and what comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox import effects
from ingestion.sandbox.clock import DAY, HOUR, NEVER, month_of, month_start
from ingestion.sandbox.draws import BEFORE_HISTORY, Draws, stream
from ingestion.sandbox.instruments import (
    CANDIDATE,
    CUSTOMER,
    DEALER,
    DONOR,
    FAN,
    PULSE,
    TICKET,
    Panel,
)
from ingestion.sandbox.people import Population
from ingestion.sandbox.support import Tickets
from ingestion.sandbox.support_tables import handed_on, help_level
from ingestion.sandbox.versions import Columns
from ingestion.sandbox.workforce import Workforce

# The share of the reachable members of each audience that a quarter's wave asks.
SAMPLED = {CUSTOMER: 0.44, FAN: 0.34, DEALER: 0.62, DONOR: 0.35, PULSE: 1.0, CANDIDATE: 1.0}
AUDIENCE = {CUSTOMER: "customer", FAN: "fan", DEALER: "dealer", DONOR: "donor"}
FIRST_DAY, LAST_DAY, OPEN_DAYS = 8, 42, 30
PULSE_OPEN_DAYS = 21
DRAW_NAMES = (
    "sampled mood answers opened open_wait started answer_wait duration late late_days partial"
    " spoken comment_a comment_b bounce twice changed changed_wait vanished ip ces rating_a"
    " rating_b english"
)


_NAMES = DRAW_NAMES.split()


@dataclass(frozen=True, slots=True)
class Asked:
    """Every person asked in any wave, one array position each, with the score they would give."""

    columns: Columns
    draws: Draws

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.columns["who"])


def ask_everyone(
    population: Population, force: Workforce, panel: Panel, tickets: Tickets, moods: np.ndarray
) -> Asked:
    """Return all invitations of all waves up to the horizon, in the order of waves."""
    waves = []
    for first_month in range(0, population.months, 3):
        for survey in (CUSTOMER, FAN, DEALER, DONOR):
            waves.append(_relationship_wave(population, panel, survey, first_month))
        waves.append(_pulse_wave(population, force, panel, moods, first_month))
        waves.append(_candidate_wave(population, first_month))
    for month in range(population.months):
        waves.append(_after_tickets(population, panel, tickets, month))
    columns = {name: np.concatenate([wave[0][name] for wave in waves]) for name in waves[0][0]}
    drawn = np.concatenate([wave[1] for wave in waves])
    draws = Draws({name: drawn[:, i] for i, name in enumerate(_NAMES)})
    return _scored(population, columns, draws)


def wave_draws(population: Population, survey: int, month: int) -> tuple[int, np.ndarray]:
    """Return when this wave goes out and a row of draws for everyone who had arrived by then."""
    generator = stream(population.seed, f"wave {survey}", month)
    day = int(generator.integers(FIRST_DAY, LAST_DAY))
    sent = int(month_start(month)) + day * DAY + 8 * HOUR
    present = population.present(month + BEFORE_HISTORY)
    return sent, generator.random((present, len(_NAMES)))


def reachable(panel: Panel, survey: int, sent: int, present: int) -> np.ndarray:
    """Return the people of a list who are still on it and want to be asked."""
    position = panel.position[survey][:present]
    on_list = position >= 0
    row = np.maximum(position, 0)
    ends = np.minimum(panel["unsubscribed"][row], panel["erased"][row])
    return np.flatnonzero(on_list & (panel["since"][row] < sent) & (sent < ends))


def _relationship_wave(
    population: Population, panel: Panel, survey: int, month: int
) -> tuple[Columns, np.ndarray]:
    sent, drawn = wave_draws(population, survey, month)
    who = reachable(panel, survey, sent, len(drawn))
    who = who[population.active(AUDIENCE[survey], who, sent)]
    who = who[drawn[who, 0] < SAMPLED[survey]]
    level = np.full(len(who), effects.level(AUDIENCE[survey], np.array(month)))
    if survey == FAN:
        devoted = is_devoted(population, who, sent)
        level = np.where(devoted, effects.level("superfan", np.array(month)), level)
    return _wave(panel, survey, month, who, np.full(len(who), sent), level, OPEN_DAYS), drawn[who]


def is_devoted(population: Population, who: np.ndarray | slice, moment: int) -> np.ndarray:
    """Return who answers as a superfan: season-ticket holders answer like other fans."""
    has_seat = population.active("season_ticket_holder", who, moment)
    return population.active("superfan", who, moment) & ~has_seat


def _pulse_wave(
    population: Population, force: Workforce, panel: Panel, moods: np.ndarray, month: int
) -> tuple[Columns, np.ndarray]:
    sent, drawn = wave_draws(population, PULSE, month)
    who = reachable(panel, PULSE, sent, len(drawn))
    who = who[population.active("employee", who, sent)]
    department = force.department_at(sent)[np.searchsorted(force.who, who)]
    mood = effects.team_mood(moods, department, np.full(len(who), month), 0)
    times = np.full(len(who), sent)
    return _wave(
        panel, PULSE, month, who, times, effects.ENPS_LEVEL + mood, PULSE_OPEN_DAYS
    ), drawn[who]


def _candidate_wave(population: Population, month: int) -> tuple[Columns, np.ndarray]:
    """Send an open link, no invitation, to all whose application was decided lately."""
    sent, drawn = wave_draws(population, CANDIDATE, month)
    decided = population.until["candidate"][: len(drawn)]
    applied = population.since["candidate"][: len(drawn)] < NEVER
    first = sent - 91 * DAY
    who = np.flatnonzero(applied & (decided >= first) & (decided < sent))
    level = np.full(len(who), effects.level("candidate", np.array(month)))
    return _wave(None, CANDIDATE, month, who, np.full(len(who), sent), level, OPEN_DAYS), drawn[who]


def _after_tickets(
    population: Population, panel: Panel, tickets: Tickets, month: int
) -> tuple[Columns, np.ndarray]:
    """Ask once a month at most, some hours after a request was solved."""
    rows = np.flatnonzero(
        (tickets.month == month) & (tickets["solved"] < NEVER) & ~tickets["is_test"]
    )
    generator = stream(population.seed, "after tickets", month)
    drawn = generator.random((len(rows), len(_NAMES)))
    sent = tickets["solved"][rows] + HOUR + (drawn[:, 0] * 24 * HOUR).astype(np.int64)
    who = tickets.who[rows]
    position = panel.position[TICKET][who]
    row = np.maximum(position, 0)
    ends = np.minimum(panel["unsubscribed"][row], panel["erased"][row])
    asks = (position >= 0) & (sent < ends) & (sent < tickets["deleted"][rows])
    asked = np.flatnonzero(asks)
    asked = asked[np.lexsort((sent[asked], who[asked]))]
    asked = asked[np.r_[True, who[asked][1:] != who[asked][:-1]]] if len(asked) else asked
    level = help_level(tickets)[rows][asked]
    wave = _wave(panel, TICKET, month, who[asked], sent[asked], level, OPEN_DAYS)
    wave["ticket"] = rows[asked]
    was_handed_on = handed_on(tickets)[rows][asked]
    wave["handed_on"] = population.linked(f"handed on {month}", was_handed_on)
    return wave, drawn[asked]


def _wave(
    panel: Panel | None, survey: int, month: int, who: np.ndarray, sent: np.ndarray,
    level: np.ndarray, open_days: int,
) -> Columns:  # fmt: skip
    position = np.full(len(who), -1) if panel is None else panel.position[survey][who]
    start = int(month_start(month)) if survey == TICKET else None
    launched = sent if start is None else np.full(len(who), start)
    closes = sent + open_days * DAY
    if start is not None:
        closes = np.full(len(who), int(month_start(month + 1)) + 60 * DAY)
    return {
        "who": who,
        "survey": np.full(len(who), survey),
        "wave": np.full(len(who), month),
        "position": position,
        "sent": sent,
        "launched": launched,
        "closes": closes,
        "level": np.asarray(level, dtype=float),
        "ticket": np.full(len(who), -1),
        "handed_on": np.zeros(len(who), dtype=bool),
    }


def _scored(population: Population, columns: Columns, draws: Draws) -> Asked:
    survey = columns["survey"]
    trait = population["satisfaction_trait"][columns["who"]]
    latent = columns["level"] + trait + effects.MOOD_SD * draws.normal("mood")
    score, turnout = np.zeros(len(latent), dtype=np.int64), np.zeros(len(latent))
    for scale, surveys in (
        (effects.NPS, (CUSTOMER, FAN, DEALER, DONOR)),
        (effects.ENPS, (PULSE,)),
        (effects.CSAT, (TICKET, CANDIDATE)),
    ):
        rows = np.isin(survey, surveys)
        score[rows] = scale.score(latent[rows])
        turnout[rows] = scale.answers(score[rows])
    mixed = 0.8 * (latent - columns["level"])
    ease = effects.CES_LEVEL + columns["level"] - effects.CSAT_LEVEL + mixed
    ease -= effects.CES_PER_HANDOVER * columns["handed_on"]
    ease += 0.6 * effects.SPREAD * draws.normal("ces")
    columns = columns | {
        "score": score,
        "turnout": turnout,
        "ces": effects.CES.score(ease),
        # Asked after a ticket only, where the draw of the pulse's rating is free.
        "expectation": effects.EXPECTATION.score(
            columns["level"]
            - effects.CSAT_LEVEL
            + mixed
            + 0.6 * effects.SPREAD * draws.normal("rating_a")
        ),
        "rating_a": effects.RATING.score(
            columns["level"] + mixed + 0.6 * effects.SPREAD * draws.normal("rating_a")
        ),
        "rating_b": effects.RATING.score(
            columns["level"] - 0.2 + mixed + 0.6 * effects.SPREAD * draws.normal("rating_b")
        ),
    }
    return Asked(columns | answering(columns, draws, turnout), draws)


def answering(columns: Columns, draws: Draws, turnout: np.ndarray) -> Columns:
    """Return when each person opened, began and finished, and when the tool recorded it."""
    sent, survey = columns["sent"], columns["survey"]
    bounced = draws.chance("bounce", 0.015) & ~np.isin(survey, (PULSE, CANDIDATE))
    answers = draws.chance("answers", turnout) & ~bounced
    wait = np.minimum(draws.waiting("answer_wait", 3 * DAY), (PULSE_OPEN_DAYS - 1) * DAY)
    started = sent + 600 + wait
    duration = 25 + draws.waiting("duration", 110)
    partial = answers & draws.chance("partial", 0.035)
    ended = started + duration
    # Paper and tablet answers reach the tool days later; abandoned ones when their session expires.
    late = answers & draws.chance("late", 0.013)
    recorded = (
        ended + 1 + np.where(late, 2 * DAY + (draws["late_days"] * 7 * DAY).astype(np.int64), 0)
    )
    recorded = np.where(partial, ended + 7 * DAY, recorded)
    looked = ~bounced & (answers | draws.chance("opened", 0.5))
    opened = np.where(answers, started - 40, sent + 300 + draws.waiting("open_wait", 2 * DAY))
    return {
        "bounced": bounced,
        "answered": answers,
        "partial": partial,
        "opened": np.where(looked, opened, NEVER),
        "started": np.where(answers, started, NEVER),
        "ended": np.where(answers, ended, NEVER),
        "recorded": np.where(answers, recorded, NEVER),
        "duration": duration,
        "month": month_of(sent),
    }
