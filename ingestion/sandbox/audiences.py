"""As what people belong to the organisation: one half-open interval per person and audience.

Membership is independent of a person's satisfaction, so the true value of a score is that of the
process and not of who happened to stay (docs/sandbox.md says what this leaves out).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ingestion.sandbox.clock import DAY, HISTORY_START, NEVER, YEAR, seconds_of, stamps
from ingestion.sandbox.draws import Draws
from ingestion.sandbox.people import Population, never

SMALLEST_WORKFORCE = 36
SHARE_OF_EMPLOYEES, SHARE_OF_DEALERS = 0.07, 0.08
NEW_HIRE_DAYS = 90
_DRAWS = (
    "buyer prospect lead_wait convert convert_wait lapses lapse_wait subscribes subscribe_wait"
    " unsubscribes unsubscribe_wait fan fan_wait fan_stops fan_stop_wait super super_wait member"
    " member_wait member_years season season_wait season_years donor donor_wait dealer_ends"
    " dealer_end_wait role role_wait role_end candidate_wait candidate_days hired served leaves"
    " leave_wait apply"
)


def assign_audiences(population: Population) -> None:
    """Fill the population's intervals for every audience."""
    draws = population.draws("audiences", _DRAWS)
    is_employee = _quota(population, 0.6180339887, _employee_share(population))
    is_dealer = _quota(population, 0.7548776662, SHARE_OF_DEALERS)
    is_dealer &= ~is_employee & ~population["is_minor"]
    population.columns["is_employee"] = is_employee & ~population["is_minor"]
    _buyers(population, draws, is_dealer)
    _fans(population, draws)
    _supporters(population, draws, is_dealer)
    _workforce(population, draws)
    _nobody_is_nothing(population)


def memberships(population: Population, horizon: int) -> pd.DataFrame:
    """Return the truth about who belonged where, as far as it has happened by the horizon."""
    frames = []
    for audience, since in population.since.items():
        rows = np.flatnonzero((since < horizon) & (population.until[audience] > since))
        until = population.until[audience][rows]
        frames.append(
            pd.DataFrame(
                {
                    "person_uid": population["person_uid"][rows],
                    "audience": audience,
                    "valid_from": stamps(since[rows]),
                    "valid_to": stamps(np.where(until < horizon, until, NEVER)),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _quota(population: Population, step: float, share: float) -> np.ndarray:
    return population["number"] * step % 1 < share


def _employee_share(population: Population) -> float:
    return max(SHARE_OF_EMPLOYEES, SMALLEST_WORKFORCE / population.people)


def _interval(
    population: Population,
    audience: str,
    belongs: np.ndarray,
    since: np.ndarray,
    until: np.ndarray | None = None,
) -> None:
    ends = never(population) if until is None else until
    population.since[audience] = np.where(belongs, since, NEVER)
    population.until[audience] = np.where(belongs, np.maximum(ends, since + DAY), NEVER)


def _buyers(population: Population, draws: Draws, is_dealer: np.ndarray) -> None:
    arrival = population["arrival"]
    wanted = np.where(population["is_employee"], 0.35, 0.66)
    buyer = draws.chance("buyer", wanted) & ~population["is_minor"] & ~is_dealer
    starts_as_prospect = buyer & draws.chance("prospect", 0.5)
    lead = arrival + np.where(starts_as_prospect, DAY + draws.waiting("lead_wait", 60 * DAY), 0)
    customer = lead + DAY + draws.waiting("convert_wait", 70 * DAY)
    customer = np.where(buyer & draws.chance("convert", 0.76), customer, NEVER)
    lapsed = customer + 150 * DAY + draws.waiting("lapse_wait", 900 * DAY)
    lapsed = np.where((customer < NEVER) & draws.chance("lapses", 0.6), lapsed, NEVER)
    _interval(population, "prospect", starts_as_prospect, arrival, lead)
    _interval(population, "lead", buyer, lead, np.minimum(customer, lead + 2 * YEAR))
    _interval(population, "customer", customer < NEVER, customer, lapsed)
    _interval(population, "lapsed_customer", lapsed < NEVER, lapsed)
    subscribed = arrival + draws.waiting("subscribe_wait", 120 * DAY)
    stops = subscribed + 30 * DAY + draws.waiting("unsubscribe_wait", 400 * DAY)
    stops = np.where(draws.chance("unsubscribes", 0.3), stops, NEVER)
    reads = draws.chance("subscribes", 0.34) & ~population["is_minor"]
    _interval(population, "subscriber", reads, subscribed, stops)


def _fans(population: Population, draws: Draws) -> None:
    minor = population["is_minor"]
    fan = draws.chance("fan", 0.4) | minor
    since = population["arrival"] + draws.waiting("fan_wait", 60 * DAY)
    stops = since + 200 * DAY + draws.waiting("fan_stop_wait", 700 * DAY)
    stops = np.where(draws.chance("fan_stops", 0.15), stops, NEVER)
    _interval(population, "junior_fan", fan & minor, since)
    fan &= ~minor
    _interval(population, "fan", fan, since, stops)
    devoted = since + 120 * DAY + draws.waiting("super_wait", 200 * DAY)
    is_super = fan & draws.chance("super", 0.2) & (devoted < stops)
    _interval(population, "superfan", is_super, devoted, stops)
    for audience, draw, share in (
        ("member", "member", 0.4),
        ("season_ticket_holder", "season", 0.2),
    ):
        joined = since + draws.waiting(f"{draw}_wait", 150 * DAY)
        # Each year 85 in 100 renew.
        years = 1 + (np.log1p(-draws[f"{draw}_years"]) / np.log(0.85)).astype(np.int64)
        belongs = fan & draws.chance(draw, share) & (joined < stops)
        _interval(population, audience, belongs, joined, joined + years * YEAR)


def _supporters(population: Population, draws: Draws, is_dealer: np.ndarray) -> None:
    arrival, adult = population["arrival"], ~population["is_minor"]
    donated = arrival + draws.waiting("donor_wait", 100 * DAY)
    _interval(population, "donor", draws.chance("donor", 0.1) & adult, donated)
    ends = arrival + 300 * DAY + draws.waiting("dealer_end_wait", 900 * DAY)
    ends = np.where(draws.chance("dealer_ends", 0.12), ends, NEVER)
    _interval(population, "dealer", is_dealer, arrival, ends)
    since = arrival + draws.waiting("role_wait", 150 * DAY)
    role, outside = draws["role"], adult & ~population["is_employee"]
    ends = since + 120 * DAY + draws.waiting("role_end", 900 * DAY)
    _interval(population, "media", outside & (role < 0.03), since)
    _interval(population, "alumnus", outside & (role >= 0.03) & (role < 0.09), since)
    _interval(population, "volunteer", adult & (role >= 0.09) & (role < 0.14), since, ends)
    applies = outside & ~is_dealer & (role >= 0.14) & (role < 0.20)
    applied = arrival + draws.waiting("candidate_wait", 200 * DAY)
    decided = applied + draws.between("candidate_days", 20 * DAY, 90 * DAY)
    _interval(population, "candidate", applies, applied, decided)


def _workforce(population: Population, draws: Draws) -> None:
    start, employee = seconds_of(HISTORY_START), population["is_employee"]
    arrival = population["arrival"]
    before = arrival < start
    served = np.minimum(draws.waiting("served", 1_100 * DAY), 12 * YEAR)
    hired = np.where(
        before, start - 5 * DAY - served, arrival + draws.between("hired", 20, 70) * DAY
    )
    hired = hired // DAY * DAY
    leaves = np.maximum(hired, start) + 20 * DAY + draws.waiting("leave_wait", 1_500 * DAY)
    leaves = np.where(draws.chance("leaves", 0.9), leaves // DAY * DAY, NEVER)
    stays = employee & before & (np.cumsum(employee) % 7 == 1)
    leaves = np.where(stays, NEVER, leaves)
    newcomer = hired + NEW_HIRE_DAYS * DAY
    _interval(population, "employee", employee, hired, leaves)
    _interval(population, "new_hire", employee, hired, np.minimum(newcomer, leaves))
    _interval(population, "manager", stays, np.maximum(hired, start - YEAR))
    _interval(population, "former_employee", employee & (leaves < NEVER), leaves)
    new = employee & ~before
    population.since["candidate"] = np.where(new, arrival, population.since["candidate"])
    population.until["candidate"] = np.where(new, hired, population.until["candidate"])


def _nobody_is_nothing(population: Population) -> None:
    nothing = np.all([since == NEVER for since in population.since.values()], axis=0)
    population.since["prospect"] = np.where(
        nothing, population["arrival"], population.since["prospect"]
    )
