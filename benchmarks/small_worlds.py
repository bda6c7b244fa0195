"""The sandbox's planted effects against their intervals: `python -m benchmarks.small_worlds`.

Each seed is a world of its own: the people, waves, tickets and scores of the sandbox, without the
vendors' records of them. The quarters before and after an effect begins stand as the last two; all
else, from the events to the verdicts, is the models of the house. The twin has the same answers
with the two quarters of each person dealt at random.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks import coverage, house_events
from benchmarks.house_events import AFTER, BEFORE
from benchmarks.house_sql import HouseSql
from ingestion.sandbox import (
    audiences,
    crm,
    effects,
    instruments,
    organisations,
    support,
    support_users,
    surveys,
    workforce,
)
from ingestion.sandbox.clock import MINUTE, NEVER, month_number
from ingestion.sandbox.draws import normal_probability
from ingestion.sandbox.effects import Scale
from ingestion.sandbox.people import Population, make_people
from ingestion.sandbox.surveys import Asked

PEOPLE, SEEDS = 5000, range(1, 401)
NOTHING_TOLD = {
    **{name: pa.nulls(0, pa.string()) for name in ("metric", "audience", "segment", "period_kind")},
    "period_start": pa.nulls(0, pa.date32()),
    "value": pa.nulls(0, pa.float64()),
    "is_protected": pa.nulls(0, pa.bool_()),
}
MONTHS = month_number(date(2026, 6, 1)) + 1
NORTH = next(
    number for number, one in enumerate(workforce.DEPARTMENTS) if one.name == effects.LOW_TEAM
)
UNANSWERED = 0.03


@dataclass(frozen=True, slots=True)
class World:
    """What a world has of people, of what they were asked, and of tickets."""

    seed: int
    population: Population
    force: workforce.Workforce
    asked: Asked
    tickets: support.Tickets
    moods: np.ndarray


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one effect: where they count, each with its quarter and person, and truth."""

    effect: str
    metric: str
    audience: str
    who: np.ndarray
    is_after: np.ndarray
    value: np.ndarray
    has_struck: np.ndarray
    true: tuple[float, float]


def world_of(seed: int, people: int = PEOPLE) -> World:
    """Return a world, simulated as `make_world` does it up to what was asked and answered."""
    population = make_people(seed, people, MONTHS)
    audiences.assign_audiences(population)
    population.columns["erased"] = crm.erasures(population)
    force = workforce.make_workforce(population)
    companies = organisations.make_organisations(seed, people)
    organisations.assign_employers(population, companies)
    contacts = crm.make_contacts(population, companies)
    desk = support_users.make_desk(population, contacts, companies)
    moods = effects.engagement(seed, MONTHS)
    tickets = support.make_tickets(population, force, desk, moods)
    panel = instruments.make_panel(population, contacts, force, tickets)
    asked = surveys.ask_everyone(population, force, panel, tickets, moods)
    return World(seed, population, force, asked, tickets, moods)


def groups(world: World) -> Iterator[Group]:
    """Yield the answers of each effect that a metric of the house measures."""
    survey, asked = world.asked["survey"], world.asked
    for name, of in (("customer", instruments.CUSTOMER), ("dealer", instruments.DEALER),
                     ("donor", instruments.DONOR)):  # fmt: skip
        rows = survey == of
        yield _scored(world, f"{name}_nps", "nps", name, rows, effects.DEALER_DROPS)
    pulse = np.flatnonzero(survey == instruments.PULSE)
    north = np.zeros(len(asked), dtype=bool)
    north[pulse] = _team_then(world, asked["who"][pulse], asked["sent"][pulse]) == NORTH
    yield _scored(world, "care_north_enps", "enps", "employee", north, effects.LOW_FROM)
    after_ticket = survey == instruments.TICKET
    of_north = world.tickets["department"][np.maximum(asked["ticket"], 0)] == NORTH
    yield _scored(
        world, "care_north_csat", "csat", "subscriber", after_ticket & of_north, "2025-10",
        of_ticket=True,
    )  # fmt: skip
    yield _waited(world)


def _team_then(world: World, who: np.ndarray, sent: np.ndarray) -> np.ndarray:
    team = np.full(len(who), -1)
    staff = np.searchsorted(world.force.who, who)
    for moment in np.unique(sent):
        rows = sent == moment
        team[rows] = world.force.department_at(int(moment))[staff[rows]]
    return team


SCALES = {"nps": (effects.NPS, 9, 6), "enps": (effects.ENPS, 9, 6), "csat": (effects.CSAT, 4, 0)}


def _scored(
    world: World, effect: str, metric: str, audience: str, rows: np.ndarray, since: str,
    of_ticket: bool = False,
) -> Group:  # fmt: skip
    """Return the answers of the quarters before and after a month, placed by when it was asked."""
    asked = world.asked
    month = asked["wave"]
    if of_ticket:  # a team's mood is that of the ticket's own month
        month = world.tickets.month[np.maximum(asked["ticket"], 0)]
    quarter = effects.month_named(since) // 3
    rows = rows & np.isin(month // 3, (quarter - 1, quarter)) & ~asked["bounced"]
    scale, top, bottom = SCALES[metric]
    true = [
        _true_score(scale, asked["level"][rows & (month // 3 == of)], top, bottom)
        * (1 if metric == "csat" else 100)
        for of in (quarter - 1, quarter)
    ]
    found = np.flatnonzero(rows & asked["answered"])
    return Group(
        effect, metric, audience, asked["who"][found], month[found] // 3 == quarter,
        asked["score"][found].astype(float), np.ones(len(found), dtype=bool), (true[0], true[1]),
    )  # fmt: skip


def _true_score(scale: Scale, level: np.ndarray, top: int, bottom: int) -> float:
    """Return top less bottom among those who would answer, each asked at a level."""
    if not len(level):
        return float("nan")
    mass = (scale.odds_of(level) * scale.answers(scale.values)).sum(axis=0)
    return float(
        (mass[scale.values >= top].sum() - mass[scale.values <= bottom].sum()) / mass.sum()
    )


def _waited(world: World) -> Group:
    """Return the first replies of Care North in the quarters before and after they slowed."""
    tickets = world.tickets
    quarter = effects.month_named("2025-10") // 3
    rows = (tickets["department"] == NORTH) & np.isin(tickets.month // 3, (quarter - 1, quarter))
    found = np.flatnonzero(rows & ~tickets["is_test"])
    replied = tickets["replied"][found]
    struck = replied < NEVER
    # Who was never answered is looked at for longer than anybody waits.
    minutes = np.where(struck, (replied - tickets["created"][found]) / MINUTE, 1e5)
    true = [_true_median(world, of) for of in (quarter - 1, quarter)]
    return Group(
        "care_north_first_response", "first_response_minutes_p50", "customer",
        tickets.who[found], tickets.month[found] // 3 == quarter, minutes, struck,
        (true[0], true[1]),
    )  # fmt: skip


def _true_median(world: World, quarter: int) -> float:
    """Return when half of all tickets have a reply, those that never get one included."""
    mood = effects.team_mood(
        world.moods, np.array([NORTH]), np.array([quarter * 3]), effects.ENGAGEMENT_LEADS_BY
    )[0]
    usual = np.log(effects.USUAL_FIRST_RESPONSE_MINUTES) - effects.ENGAGEMENT_SLOWS * mood
    centres = usual + support._CHANNEL_WAIT
    shares = np.array([40, 35, 15, 10]) / 100
    minutes = np.exp(np.linspace(usual - 6, usual + 4, 20_001))
    reached = normal_probability((np.log(minutes)[:, None] - centres) / 0.8) @ shares
    return float(minutes[np.searchsorted(reached, 0.5 / (1 - UNANSWERED))])


def events(found: list[Group], is_after: Callable[[Group], np.ndarray]) -> Any:
    """Return the answers of all groups as events of the house."""
    parts = []
    for group in found:
        scale = SCALES.get(group.metric)
        placed = np.where(is_after(group), AFTER.date(), BEFORE.date())
        parts.append(
            pd.DataFrame(
                {
                    "event": "answer" if scale else "clock",
                    "role": group.metric if scale else "first_response_calendar",
                    "audience": group.audience,
                    "respondent_id": [f"p{who}" for who in group.who],
                    "value": group.value,
                    "scale_min": float(scale[0].values[0]) if scale else None,
                    "scale_max": float(scale[0].values[-1]) if scale else None,
                    "has_struck": group.has_struck,
                    "observed_on": placed,
                }
            )
        )
    return house_events.events(pd.concat(parts, ignore_index=True))


def shuffled(group: Group, generator: np.random.Generator) -> np.ndarray:
    """Deal the two quarters of each person at random; who answered in one keeps to one."""
    people, at = np.unique(group.who, return_inverse=True)
    was_after = np.zeros(len(people), dtype=bool)
    was_before = np.zeros(len(people), dtype=bool)
    was_after[at[group.is_after]] = True
    was_before[at[~group.is_after]] = True
    both = was_after & was_before
    turned = both & (generator.random(len(people)) < 0.5)
    dealt = was_after.copy()
    dealt[~both] = generator.permutation(was_after[~both])
    return np.where(both[at], group.is_after ^ turned[at], dealt[at])


class Publication:
    """The models of the house over one world after the other."""

    def __init__(self) -> None:
        metrics = house_events.registry()
        wanted = metrics["metric"].isin([*SCALES, "first_response_minutes_p50"])
        self.house = HouseSql(house_events.beside(metrics[wanted].assign(is_headline=True)))
        # Nothing was promised confidentiality, so nothing was told once.
        self.house.give("fct_metric_values", pa.table(NOTHING_TOLD))

    def of(self, found: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the values and the changes that the house makes of events."""
        self.house.give("int_metric_events", found)
        self.house.give(
            "int_metric_suppression",
            self.house.query(
                "select metric, audience, segment, period_kind, period_start, "
                "persons < 5 as is_suppressed, false as is_unlabelled from int_metric_estimates",
                "int_metric_estimates",
            ),
        )
        return self.house.rows("int_metric_estimates"), self.house.rows("fct_metric_changes")


def judged(publication: Publication, world: World) -> tuple[list[dict[str, Any]], pd.DataFrame]:
    """Return, per effect, whether its intervals hold the truth; and the changes of the twin."""
    found = list(groups(world))
    values, changes = publication.of(events(found, lambda group: group.is_after))
    rows = []
    for group in found:
        key = {"metric": group.metric, "audience": group.audience}
        change = changes[(changes[list(key)] == pd.Series(key)).all(axis=1)]
        if len(change):
            rows.append(_held(group, change.iloc[0], values))
    generator = np.random.default_rng([world.seed, 5])
    dealt = {group.effect: shuffled(group, generator) for group in found}
    return rows, publication.of(events(found, lambda group: dealt[group.effect]))[1]


def _held(group: Group, change: Mapping[str, Any], values: pd.DataFrame) -> dict[str, Any]:
    before, after = group.true
    value = values[
        (values["metric"] == group.metric)
        & (values["audience"] == group.audience)
        & (pd.to_datetime(values["period_start"]) == AFTER)
    ].iloc[0]
    high = np.inf if pd.isna(value["high"]) else value["high"]
    return {
        "effect": group.effect,
        "true": after - before,
        "answers": len(group.who) / 2,
        "called": change["verdict"] != "no clear change",
        # A change without an error has no interval: it holds nothing.
        "held": bool(change["low"] - 1e-9 <= after - before <= change["high"] + 1e-9),
        "value_held": bool(value["low"] - 1e-9 <= after <= high + 1e-9),
    }


def measured(seeds: range = SEEDS, people: int = PEOPLE) -> dict[str, Any]:
    """Return coverage by effect, and how often the twin shows a change, over all seeds."""
    publication, rows, twins = Publication(), [], []
    for seed in seeds:
        held, twin = judged(publication, world_of(seed, people))
        rows += held
        twins.append(twin)
    frame = pd.DataFrame(rows)
    tests = pd.concat(twins, ignore_index=True)
    called = [(twin["verdict"] != "no clear change").any() for twin in twins]
    return {
        "people": people,
        "seeds": [seeds[0], seeds[-1]],
        "effects": [_summary(name, of) for name, of in frame.groupby("effect", sort=True)],
        "cells": len(frame),
        "covered": round(float(frame["held"].mean()), 4),
        "shuffled": {
            "publications": len(twins),
            "publications_with_a_change": round(float(np.mean(called)), 4),
            "tests": len(tests),
            "changes_called": round(float((tests["verdict"] != "no clear change").mean()), 4),
            "below_5_percent": round(float((tests["p_value"] < 0.05).mean()), 4),
        },
    }


def _summary(name: str, of: pd.DataFrame) -> dict[str, Any]:
    return {
        "effect": name,
        "true": round(float(of["true"].mean()), 3),
        "worlds": len(of),
        "covered": round(float(of["held"].mean()), 4),
        "value_covered": round(float(of["value_held"].mean()), 4),
        "called": round(float(of["called"].mean()), 4),
        "answers": round(float(of["answers"].mean()), 1),
    }


def write(found: Mapping[str, Any]) -> None:
    """Keep what was measured, and the page that is made of it."""
    coverage.EFFECTS.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    coverage.PAGE.write_text(coverage.page(), encoding="utf-8")


if __name__ == "__main__":
    write(measured(SEEDS[: int(sys.argv[1])] if len(sys.argv) > 1 else SEEDS))
