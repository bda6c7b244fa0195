"""The true effects of the sandbox and the process behind every score, with sizes fixed in advance.

A score is a latent satisfaction (level of the audience in that quarter + the person's trait + the
mood of the day) cut into the answers of the scale. Who answers depends on the score. Both are
known, so the true value of a score is computed, not sampled. Sizes change by a decision
record only.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from ingestion.sandbox import action_effects, powers
from ingestion.sandbox.clock import month_number
from ingestion.sandbox.draws import normal_probability, normal_quantile, stream
from ingestion.sandbox.workforce import CARE_TEAMS, DEPARTMENTS

TRAIT_SD, MOOD_SD = 1.0, 1.2
SPREAD = float(np.hypot(TRAIT_SD, MOOD_SD))


@dataclass(frozen=True, slots=True)
class Scale:
    """An answer scale: its values, where latent satisfaction is cut, and who tends to answer.

    ``shares`` are cumulative at level 0, ``turnout`` the share that answers at the middle of the
    scale, ``pull`` what one point more adds to the log-odds of answering.
    """

    lowest: int
    shares: tuple[float, ...]
    turnout: float
    pull: float

    @property
    def values(self) -> np.ndarray:
        return self.lowest + np.arange(len(self.shares) + 1)

    @property
    def cuts(self) -> np.ndarray:
        return np.array([NormalDist().inv_cdf(share) for share in self.shares]) * SPREAD

    def score(self, latent: np.ndarray) -> np.ndarray:
        """Return the answers that latent satisfaction leads to."""
        return self.lowest + np.searchsorted(self.cuts, latent)

    def odds_of(self, level: np.ndarray) -> np.ndarray:
        """Return the probability of each answer (columns) at each level (rows)."""
        below = normal_probability((self.cuts - np.atleast_1d(level)[:, None]) / SPREAD)
        edges = np.column_stack([np.zeros(len(below)), below, np.ones(len(below))])
        return np.diff(edges, axis=1)

    def answers(self, score: np.ndarray) -> np.ndarray:
        """Return the probability that someone with this score answers at all."""
        middle = self.values.mean()
        base = np.log(self.turnout / (1 - self.turnout))
        return 1 / (1 + np.exp(-(base + self.pull * (score - middle))))


_ELEVEN = (0.02, 0.03, 0.05, 0.075, 0.11, 0.18, 0.26, 0.37, 0.56, 0.78)
NPS = Scale(0, _ELEVEN, turnout=0.40, pull=0.12)
ENPS = Scale(0, _ELEVEN, turnout=0.58, pull=0.12)
CSAT = Scale(1, (0.06, 0.15, 0.30, 0.62), turnout=0.28, pull=0.25)
CES = Scale(1, (0.04, 0.09, 0.16, 0.26, 0.45, 0.72), turnout=0.28, pull=0.0)
# Worse, as expected, better.
EXPECTATION = Scale(-1, (0.16, 0.74), turnout=0.28, pull=0.0)
RATING = Scale(1, (0.05, 0.15, 0.38, 0.74), turnout=0.58, pull=0.0)

DEALER_DROPS, DEALER_BEFORE, DEALER_AFTER = "2026-01", 0.10, -0.74
# About so many dealers get the survey in a quarter of the default world; the drop is sized for it.
DEALERS_ASKED = 163

# Levels per audience: (first month of the level, level). The last one holds for ever.
LEVELS: dict[str, tuple[tuple[str, float], ...]] = {
    "customer": (("2023-07", -0.20), ("2024-01", -0.05), ("2024-10", 0.05), ("2025-07", 0.10)),
    "fan": (("2023-07", 0.35), ("2024-07", 0.45), ("2025-01", 0.35)),
    "superfan": (("2023-07", 1.00),),
    "dealer": (("2023-07", DEALER_BEFORE), (DEALER_DROPS, DEALER_AFTER)),
    "donor": (("2023-07", 0.55),),
    "candidate": (("2023-07", 0.15),),
}
LOW_TEAM, LOW_FROM, LOW_BY = "Care North", "2025-04", 1.15
ENGAGEMENT_LEADS_BY = 2
ENGAGEMENT_SLOWS = 0.60
ENGAGEMENT_SPOILS = 0.42
USUAL_FIRST_RESPONSE_MINUTES = 180
CSAT_PER_LOG_WAIT = 0.25
ENPS_LEVEL = 0.0
CSAT_LEVEL, CES_LEVEL = 0.15, 0.10
# By how much it was less easy for who was handed on before the first reply.
CES_PER_HANDOVER = 0.90
ORDERS_PER_TRAIT = 0.20
# Of fans who answer up to DETRACTOR so many are called, and so many of these pick up; at their next
# answer they give so many points more, as far as the scale goes: what some fifty persons on either
# side, as many as the default world has, can show.
DETRACTOR, CALLED, SPOKEN_TO, RECOVERED_POINTS = 6, 0.50, 0.80, 3

COMMERCIAL = "Commercial"
# What we try to deliver, in the order of EXPERIENCES: all but the commercial departments say the
# same, and these say something else as firmly, so two of one department always agree as often.
DELIVERED = (0.50, 0.20, 0.10, 0.15, 0.05)
DELIVERED_COMMERCIAL = (0.10, 0.15, 0.50, 0.05, 0.20)
# What customers value most, in the order of VALUED: the same in every department.
VALUED_MOST = (0.35, 0.15, 0.30, 0.20)
# By how much better customers are believed to find the help than those do who say so.
HELP_BELIEVED_BETTER = 1.40
STATEMENT_LEVELS = (0.10, 0.35, -0.60, -0.10)


def month_named(text: str) -> int:
    """Return the number of a month written as 2025-04."""
    return month_number(np.datetime64(text, "D").astype("datetime64[D]").item())


def level(audience: str, month: np.ndarray) -> np.ndarray:
    """Return an audience's level of satisfaction in each month."""
    steps = LEVELS[audience]
    starts = np.array([month_named(first) for first, _ in steps])
    values = np.array([value for _, value in steps])
    return values[np.maximum(np.searchsorted(starts, month, side="right") - 1, 0)]


def engagement(seed: int, months: int) -> np.ndarray:
    """Return how engaged each department is (columns) in each quarter (rows), 0 being usual.

    Two quarters of lead come first, so that row q + 2 is quarter q.
    """
    quarters = (months + 2) // 3
    low = np.array([department.name == LOW_TEAM for department in DEPARTMENTS])
    wander, rows = np.zeros(len(DEPARTMENTS)), []
    for quarter in range(-ENGAGEMENT_LEADS_BY, quarters):
        luck = stream(seed, f"engagement {quarter}").standard_normal(len(DEPARTMENTS))
        wander = 0.6 * wander + 0.12 * luck
        fallen = low & (quarter >= month_named(LOW_FROM) // 3)
        rows.append(wander - LOW_BY * fallen)
    return np.array(rows)


def team_mood(
    moods: np.ndarray, department: np.ndarray, month: np.ndarray, lead: int
) -> np.ndarray:
    """Return a department's engagement ``lead`` quarters before each month."""
    return moods[np.maximum(month // 3 + ENGAGEMENT_LEADS_BY - lead, 0), department]


def net_promoter(odds: np.ndarray, weight: np.ndarray) -> float:
    """Return 100 (promoters - detractors) of eleven-point odds, rows weighted, answers weighted."""
    mass = (odds * weight).sum(axis=0)
    return float(100 * (mass[9:].sum() - mass[:7].sum()) / mass.sum())


def answered_nps(scale: Scale, at_level: float) -> tuple[float, float]:
    """Return NPS (-1 to 1) among those who answer at a level, and one answer's variance."""
    odds = scale.odds_of(np.array([at_level]))[0] * scale.answers(scale.values)
    promoters, detractors = odds[9:].sum() / odds.sum(), odds[:7].sum() / odds.sum()
    return promoters - detractors, promoters + detractors - (promoters - detractors) ** 2


def answered_odds(scale: Scale, at_level: float) -> np.ndarray:
    """Return how often each answer comes from those who answer at a level of satisfaction."""
    odds = scale.odds_of(np.array([at_level]))[0] * scale.answers(scale.values)
    return np.asarray(odds / odds.sum())


def turnout_at(scale: Scale, at_level: float) -> float:
    """Return the share of those asked who answer at a level of satisfaction."""
    return float((scale.odds_of(np.array([at_level]))[0] * scale.answers(scale.values)).sum())


def power_of_difference(before: float, after: float, asked: float) -> float:
    """Return the power to see a change of NPS level with ``asked`` invitations in each quarter.

    Two-sided at 5 %; each side has n = asked x turnout answers of variance P + D - (P - D)^2.
    """
    sides = [answered_nps(NPS, value) for value in (before, after)]
    answers = [asked * turnout_at(NPS, value) for value in (before, after)]
    error = np.sqrt(sum(side[1] / n for side, n in zip(sides, answers, strict=True)))
    return powers.of_difference(abs(sides[0][0] - sides[1][0]) / error)


def help_csat(log_wait: float, mood: float) -> float:
    """Return the share of 4 and 5 among those who answer after such a wait and team mood."""
    level_then = CSAT_LEVEL - CSAT_PER_LOG_WAIT * log_wait + ENGAGEMENT_SPOILS * mood
    odds = CSAT.odds_of(np.array([level_then]))[0] * CSAT.answers(CSAT.values)
    return float(odds[3:].sum() / odds.sum())


def help_ease(handed_on: float) -> float:
    """Return the share of 5 to 7 of CES among those who answer after the usual wait."""
    quantiles = normal_quantile((np.arange(400) + 0.5) / 400)
    weight = CSAT.answers(CSAT.score(CSAT_LEVEL + SPREAD * quantiles))
    ease = CES_LEVEL - CES_PER_HANDOVER * handed_on + 0.8 * SPREAD * quantiles
    easy = 1 - normal_probability((CES.cuts[3] - ease) / (0.6 * SPREAD))
    return float((easy * weight).sum() / weight.sum())


def never_heard_orders() -> float:
    """Return how many times as often somebody orders who did not answer after a ticket.

    It follows from who answers and who orders; nothing else was done to those never heard.
    """
    trait = normal_quantile((np.arange(400) + 0.5) / 400)
    mood = normal_quantile((np.arange(200) + 0.5) / 200)
    score = CSAT.score(CSAT_LEVEL + trait[:, None] + MOOD_SD * mood)
    heard = CSAT.answers(score).mean(axis=1)
    orders = np.exp(ORDERS_PER_TRAIT * trait)
    return float(
        (orders * (1 - heard)).sum() / (1 - heard).sum() / ((orders * heard).sum() / heard.sum())
    )


def help_believed() -> float:
    """Return by how much larger a share of 4 and 5 is believed than is answered."""
    believed = answered_odds(CSAT, CSAT_LEVEL + HELP_BELIEVED_BETTER)
    return float((believed - answered_odds(CSAT, CSAT_LEVEL))[3:].sum())


def agreement_lost() -> float:
    """Return how much less often two of different sides name the same experience than of one."""
    other = np.array(DELIVERED)
    return float(np.array(DELIVERED_COMMERCIAL) @ other - other @ other)


def culture_score() -> float:
    """Return the mean of all statements of the culture survey, everybody counted."""
    return float((RATING.odds_of(np.array(STATEMENT_LEVELS)) @ RATING.values).mean())


def planted_effects() -> pd.DataFrame:
    """Return the planted effects: name, size, unit, since (first day) and what was done."""
    slower = ENGAGEMENT_SLOWS * LOW_BY
    enps_drop = 100 * (
        answered_nps(ENPS, ENPS_LEVEL - LOW_BY)[0] - answered_nps(ENPS, ENPS_LEVEL)[0]
    )
    spoiled = help_csat(slower, -LOW_BY) - help_csat(0.0, 0.0)
    per_doubling = help_csat(float(np.log(2)), 0.0) - help_csat(0.0, 0.0)
    dealers = 100 * (answered_nps(NPS, DEALER_AFTER)[0] - answered_nps(NPS, DEALER_BEFORE)[0])
    always, slow_from = "2023-07-01", "2025-10-01"
    rows = [
        ("care_north_enps", enps_drop, "points", f"{LOW_FROM}-01",
         "eNPS of department Care North falls and stays low, in every wave from this quarter on."),
        ("care_north_first_response", np.exp(slower), "times", slow_from,
         "First replies of Care North take so many times as long, two quarters after."),
        ("care_north_csat", 100 * spoiled, "percentage points", slow_from,
         "CSAT after Care North's tickets is lower, by the wait and by the team's mood together."),
        ("dealer_nps", dealers, "points", f"{DEALER_DROPS}-01",
         "NPS of dealers falls by what one quarter's answers can just detect."),
        ("customer_nps", 0.0, "points", "2025-07-01",
         "NPS of customers does not change: a true null over the last quarters."),
        ("csat_by_first_response", 100 * per_doubling, "percentage points per doubling", always,
         "CSAT after a ticket falls with the logarithm of the first response time, in every team."),
        ("turnout_by_nps_score", NPS.pull, "log-odds per point", always,
         "Happier people answer NPS and eNPS surveys more often."),
        ("turnout_by_csat_score", CSAT.pull, "log-odds per point", always,
         "Happier people answer the survey after a ticket more often."),
        ("ces_when_handed_on", 100 * (help_ease(1.0) - help_ease(0.0)), "percentage points", always,
         "Who is handed on before the first reply finds it less easy; only CES knows of it."),
        ("never_heard_orders", never_heard_orders(), "times", always,
         "Who does not answer after a ticket orders less: by turnout and orders, not by itself."),
        ("orders_by_satisfaction", np.exp(ORDERS_PER_TRAIT), "times per standard deviation", always,
         "More satisfied customers order more often."),
        ("recovery_after_contact", RECOVERED_POINTS, "points of the 0-10 answer", always,
         "Fans who are spoken to after an answer of 0 to 6 give more at the next, up to 10."),
        ("believed_help", 100 * help_believed(), "percentage points", always,
         "Employees believe more customers satisfied with help than say so after the usual wait."),
        ("believed_recommendation", 0.0, "points of the 0-10 answer", always,
         "Employees believe what customers answer when asked to recommend us: a true null."),
        ("alignment_on_experience", 100 * agreement_lost(), "percentage points", always,
         "A commercial department and another agree on what we try to deliver so much less often"
         " than two of one side, all of whom answer alike."),
        ("alignment_on_value", 0.0, "percentage points", always,
         "Departments say the same of what customers value most: a true null."),
        ("culture_score", culture_score(), "points of the 1-5 answer", always,
         "What the four statements of the culture survey average."),
        *action_effects.ROWS,
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["name", "size", "unit", "since", "description"])


CARE_TEAM_NUMBERS = np.array(CARE_TEAMS)
