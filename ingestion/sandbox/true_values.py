"""The true values of scores: what the process gives on average, by audience and quarter.

``value`` is the value among those who answer, which an unweighted score estimates and its interval
should cover; ``value_everyone`` is what a score would be if everyone answered. Where
``is_deepest``, only people for whom the audience is the deepest of its family count (a superfan is
not a fan here), as touchpoints are counted; where not, all members do.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ingestion.sandbox import effects
from ingestion.sandbox.clock import (
    DAY,
    HISTORY_START,
    HOUR,
    month_start,
    quarter_bounds,
    seconds_of,
)
from ingestion.sandbox.commerce import CANCELLED, orders_a_month
from ingestion.sandbox.draws import normal_probability, normal_quantile
from ingestion.sandbox.effects import Scale
from ingestion.sandbox.instruments import TICKET
from ingestion.sandbox.people import Population
from ingestion.sandbox.surveys import Asked, is_devoted
from ingestion.sandbox.versions import Columns
from ingestion.sandbox.workforce import DEPARTMENTS, Workforce

COLUMNS = (
    "audience",
    "metric",
    "period_kind",
    "period_start",
    "period_end",
    "segment",
    "is_deepest",
    "value",
    "value_everyone",
)
_MOODS = normal_quantile((np.arange(400) + 0.5) / 400)
_TRAILING = 365 * DAY

Row = tuple[object, ...]


def true_values(
    population: Population,
    force: Workforce,
    asked: Asked,
    bought: Columns,
    moods: np.ndarray,
    months: int,
) -> pd.DataFrame:
    """Return the true values of every quarter that begins before the horizon."""
    rows: list[Row] = []
    for quarter in range((months + 2) // 3):
        rows += _relationships(population, quarter)
        rows += _workforce(population, force, moods, quarter)
        rows += _help(population, asked, quarter)
        rows += _repeat(population, bought, quarter)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(
    audience: str, metric: str, quarter: int, values: tuple[float, float],
    segment: str = "all", is_deepest: bool = True,
) -> Row:  # fmt: skip
    start, end = quarter_bounds(quarter)
    return (audience, metric, "quarter", start, end, segment, is_deepest, *values)


def _nps(scale: Scale, levels: np.ndarray) -> tuple[float, float]:
    odds = scale.odds_of(levels)
    return (
        effects.net_promoter(odds, scale.answers(scale.values)),
        effects.net_promoter(odds, np.ones(len(scale.values))),
    )


def _relationships(population: Population, quarter: int) -> list[Row]:
    month = np.array(quarter * 3)
    rows = []
    # Subscribers who are customers answer the customers' survey, with the customers' level.
    asked_as = {"subscriber": "customer"}
    for audience in ("customer", "subscriber", "dealer", "donor", "superfan", "fan"):
        level = np.atleast_1d(effects.level(asked_as.get(audience, audience), month))
        rows.append(_row(audience, "nps", quarter, _nps(effects.NPS, level)))
    # Members and season-ticket holders are fans on the survey's list, with the fans' level.
    fan, devoted = effects.level("fan", month), effects.level("superfan", month)
    middle = month_start(month) + 25 * DAY
    here = slice(0, population.present(int(month)))
    is_super = is_devoted(population, here, int(middle))
    for audience in ("fan", "member", "season_ticket_holder"):
        if audience != "fan":
            rows.append(_row(audience, "nps", quarter, _nps(effects.NPS, np.atleast_1d(fan))))
        belongs = population.active(audience, here, middle) & population.active("fan", here, middle)
        if belongs.any():
            levels = np.where(is_super[belongs], devoted, fan)
            rows.append(_row(audience, "nps", quarter, _nps(effects.NPS, levels), is_deepest=False))
    return rows


def _workforce(
    population: Population, force: Workforce, moods: np.ndarray, quarter: int
) -> list[Row]:
    middle = int(month_start(quarter * 3)) + 25 * DAY
    working = force.at_work(middle)
    department = force.department_at(middle)
    month = np.full(len(department), quarter * 3)
    levels = effects.ENPS_LEVEL + effects.team_mood(moods, department, month, 0)
    manager = population.active("manager", force.who, middle)
    new = population.active("new_hire", force.who, middle)
    groups = [
        ("employee", "all", working & ~manager & ~new, True),
        ("employee", "all", working, False),
        ("manager", "all", working & manager, True),
        ("new_hire", "all", working & new, True),
    ]
    groups += [
        ("employee", f"department={one.name}", working & (department == number), False)
        for number, one in enumerate(DEPARTMENTS)
    ]
    return [
        _row(audience, "enps", quarter, _nps(effects.ENPS, levels[rows]), segment, deepest)
        for audience, segment, rows, deepest in groups
        if rows.any()
    ]


def _help(population: Population, asked: Asked, quarter: int) -> list[Row]:
    """Return CSAT and CES of the survey after a ticket, given the waits that really happened."""
    in_quarter = (asked["survey"] == TICKET) & (asked["month"] // 3 == quarter)
    rows = np.flatnonzero(in_quarter & ~asked["bounced"])
    rows = rows[population.active("customer", asked["who"][rows], asked["sent"][rows])]
    if not len(rows):
        return []
    level = asked["level"][rows][:, None]
    weight = effects.CSAT.answers(effects.CSAT.score(level + effects.SPREAD * _MOODS))
    happy = effects.CSAT.score(level + effects.SPREAD * _MOODS) >= 4
    ease = effects.CES_LEVEL + level - effects.CSAT_LEVEL + 0.8 * effects.SPREAD * _MOODS
    ease = ease - effects.CES_PER_HANDOVER * asked["handed_on"][rows][:, None]
    easy = 1 - normal_probability((effects.CES.cuts[3] - ease) / (0.6 * effects.SPREAD))
    return [
        _row(
            "customer",
            metric,
            quarter,
            (float((share * weight).sum() / weight.sum()), float(share.mean())),
        )
        for metric, share in (("csat", happy), ("ces_top", easy))
    ]


def _repeat(population: Population, bought: Columns, quarter: int) -> list[Row]:
    """Return the share with two orders among those with one, 365 days to the quarter's end.

    Given the orders that followed an answer.
    """
    end = int(month_start(quarter * 3 + 3))
    start = end - _TRAILING
    if start < seconds_of(HISTORY_START):
        return []
    present = population.present(quarter * 3 + 2)
    expected = np.zeros(present)
    monthly = orders_a_month(population)[:present] * (1 - CANCELLED)
    for month in range(max(quarter * 3 - 10, 0), quarter * 3 + 3):
        first, after = int(month_start(month)), int(month_start(month + 1))
        here = slice(0, population.present(month))
        stays = population.active("customer", here, first) & population.active(
            "customer", here, after
        )
        share = (after - max(first, start)) / (after - first)
        expected[: len(stays)] += np.where(stays, monthly[: len(stays)] * share, 0.0)
    since = population.since["customer"][:present]
    inside = (bought["at"] >= start) & (bought["at"] < end - HOUR)
    sure = np.bincount(bought["who"][inside], minlength=present)[:present]
    sure += (since >= start) & (since < end - HOUR)
    none = np.exp(-expected)
    once = np.where(sure >= 1, 1.0, 1 - none)
    twice = np.select([sure >= 2, sure == 1], [1.0, 1 - none], 1 - none - expected * none)
    value = float(twice.sum() / once.sum())
    first_day, last_day = np.array([start, end]).astype("datetime64[s]").astype("datetime64[D]")
    return [
        ("customer", "repeat_customer_rate", "trailing_365", first_day.item(), last_day.item(),
         "all", False, value, value)
    ]  # fmt: skip
